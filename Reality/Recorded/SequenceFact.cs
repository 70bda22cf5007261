using System.Collections.Immutable;
using PageProof.Contract.Tlb;

namespace PageProof.Reality.Recorded;

/// <summary>One sequence, and what a real machine answered to each of its commands.</summary>
public sealed record SequenceFact(TlbSequence Sequence, ImmutableArray<TlbAnswer> Answers);

/// <summary>What a real machine answered to many sequences.</summary>
/// <param name="Backend">Which machine it was, as it called itself.</param>
/// <param name="Command">The command that records such facts.</param>
/// <param name="Facts">The sequences with their answers.</param>
public sealed record SequenceFacts(string Backend, string Command, IReadOnlyList<SequenceFact> Facts);
