using System.Runtime.CompilerServices;

namespace PageProof.Contract.Paging;

/// <summary>The 64 bits of a paging-structure entry, whatever they mean.</summary>
public readonly record struct PagingEntry(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x16}";
}

/// <summary>An aligned quadword of table memory: where it lies and what it holds.</summary>
public readonly record struct TableWord(PhysicalAddress Address, PagingEntry Entry)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address}: {Entry}";
}

/// <summary>Room for the words of one case.</summary>
[InlineArray(TranslationCase.WordCountMax)]
public struct TableWordBuffer
{
    private TableWord _first;
}

/// <summary>Room for the words of one answer.</summary>
[InlineArray(TranslationCase.WordCountMax)]
public struct PagingEntryBuffer
{
    private PagingEntry _first;
}
