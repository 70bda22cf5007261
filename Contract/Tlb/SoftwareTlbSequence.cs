using System.Collections.Immutable;

namespace PageProof.Contract.Tlb;

/// <summary>
/// What is done with a software-filled TLB from its reset on. Then every register is zero, no exception is
/// handled, and entry n holds page pair n of ckseg0, which is not mapped: so that no two match the same
/// address, and none any that is.
/// </summary>
/// <param name="Entries">How many entries the TLB has, each for two pages.</param>
/// <param name="Commands">What is done.</param>
public readonly record struct SoftwareTlbSequence(int Entries, ImmutableArray<SoftwareTlbCommand> Commands)
{
    /// <summary>The fewest entries of a TLB.</summary>
    public const int EntriesLeast = 2;

    /// <summary>The entries of an R4000. Source: MIPS R4000 User's Manual, chapter 4.</summary>
    public const int EntriesMost = 48;

    /// <summary>The most commands of a sequence.</summary>
    public const int CommandsMax = 512;

    /// <inheritdoc/>
    public override string ToString() => SoftwareTlbText.Print(this);
}
