using System.Collections.Immutable;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;

namespace PageProof.Reality.Recorded;

/// <summary>One sequence, what a real kernel answered to each of its commands, and the lines that it told.</summary>
public sealed record KernelFact(
    KernelSequence Sequence, ImmutableArray<KernelAnswer> Answers, ImmutableArray<AreaLine> Lines);

/// <summary>What a real kernel answered to many sequences.</summary>
/// <param name="Backend">Which kernel it was, as it called itself.</param>
/// <param name="Command">The command that records such facts.</param>
/// <param name="Facts">The sequences with their answers.</param>
public sealed record KernelFacts(string Backend, string Command, IReadOnlyList<KernelFact> Facts)
{
    /// <summary>As <see cref="KernelCapabilities.KeepsTails"/>.</summary>
    public bool KeepsTails { get; init; }

    /// <summary>As <see cref="KernelCapabilities.MmapMinAddress"/>.</summary>
    public ulong MmapMinAddress { get; init; }
}
