using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>A memory of some frames under a policy.</summary>
/// <param name="Frames">How many pages it holds.</param>
public abstract record PolicyState(int Frames)
{
    /// <summary>The pages in memory, in any order.</summary>
    public abstract IEnumerable<ResidentPage> Resident { get; }
}

/// <summary>What a reference comes to.</summary>
public readonly record struct PolicyStep(PolicyState State, ReferenceAnswer Answer);

/// <summary>A page of a policy that keeps the reference bit and the dirty bit of the hardware.</summary>
/// <param name="IsReferenced">Whether it has been used since the policy last cleared the bit.</param>
/// <param name="IsDirty">Whether it has been written since it came.</param>
public readonly record struct MarkedPage(bool IsReferenced, bool IsDirty)
{
    /// <summary>The page after a use.</summary>
    public MarkedPage Used(bool writes) => new(true, IsDirty || writes);
}
