using System.Collections.Immutable;
using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>
/// How a sequence begins: so many CPUs, all with the same registers and nothing cached, and the table
/// memory. Memory is as in a <see cref="TranslationCase"/>; each word is listed once.
/// </summary>
/// <param name="Control">The registers of every CPU.</param>
/// <param name="Cpus">How many CPUs there are.</param>
/// <param name="Memory">How much memory there is.</param>
/// <param name="Words">The words that are not background; only they are stored to and loaded.</param>
public sealed record TlbStart(
    ControlState Control, int Cpus, ByteCount Memory, ImmutableArray<TableWord> Words)
{
    /// <summary>The most CPUs that a sequence has.</summary>
    public const int CpusMax = 4;
}

/// <summary>A start, and what is then done by one CPU after the other.</summary>
public readonly record struct TlbSequence(TlbStart Start, ImmutableArray<TlbCommand> Commands)
{
    /// <summary>The most commands of a sequence.</summary>
    public const int CommandsMax = 512;

    /// <inheritdoc/>
    public override string ToString() => TlbText.Print(this);
}
