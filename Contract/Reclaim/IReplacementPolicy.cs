using System.Collections.Immutable;

namespace PageProof.Contract.Reclaim;

/// <summary>
/// The door of page replacement: a memory of some frames, and a policy that decides which page goes when
/// another one needs room. A reference is one unit of its time.
/// </summary>
public interface IReplacementPolicy : IDisposable
{
    /// <summary>What this system can be asked.</summary>
    ReplacementCapabilities Capabilities { get; }

    /// <summary>
    /// Begins anew with an empty memory. Only a policy that knows the future reads what is foreseen: all
    /// references that will come, in their order.
    /// </summary>
    void Reset(ReplacementSettings settings, ReadOnlySpan<Reference> foreseen);

    /// <summary>
    /// Makes references one after the other, and answers each. Where one batch ends and the next begins is
    /// of no account.
    /// </summary>
    void Refer(ReadOnlySpan<Reference> references, Span<ReferenceAnswer> answers);

    /// <summary>The pages in memory, in any order; how many there are.</summary>
    int Show(Span<ResidentPage> pages);
}

/// <summary>What a system of page replacement offers. Whoever makes sequences stays within.</summary>
public sealed record ReplacementCapabilities
{
    /// <summary>The policies that there are.</summary>
    public ImmutableArray<ReplacementKind> Kinds { get; init; } = [.. Enum.GetValues<ReplacementKind>()];
}

/// <summary>A policy, and the references that are made.</summary>
/// <param name="Settings">How the policy is set up.</param>
/// <param name="Batch">How many references are made at once.</param>
/// <param name="References">All of them.</param>
public readonly record struct ReplacementSequence(
    ReplacementSettings Settings, int Batch, ImmutableArray<Reference> References)
{
    /// <summary>The most references of a sequence.</summary>
    public const int ReferencesMost = 1 << 16;

    /// <inheritdoc/>
    public override string ToString() => ReplacementText.Print(this);
}
