using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Tlb;

/// <summary>The theorems of TLBs and their witnesses, in the order of the list.</summary>
public static class TlbTheorems
{
    /// <summary>Theorems of group C, each followed by the witnesses that belong to it.</summary>
    public static IReadOnlyList<ProofTask> All { get; } =
    [
        .. TheoremList.InOrder(InvalidationTheorems.All
            .Concat(ShootdownTheorems.All)
            .Concat(GenerationTheorems.All)
            .Concat(CpuTheorems.All)
            .Concat(ArrayTheorems.All)
            .Concat(FlushTheorems.All)),
    ];
}
