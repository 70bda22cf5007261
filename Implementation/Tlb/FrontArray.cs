using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

/// <summary>The translation of 4 KiB, ready for use.</summary>
internal struct FrontSlot
{
    /// <summary>The number of the page, and above it the generation; zero is no entry.</summary>
    public ulong Tag;

    /// <summary>What a linear address of the page lacks to its physical address.</summary>
    public ulong Offset;

    /// <summary>The translation as the TLBs keep it.</summary>
    public ulong Entry;

    /// <summary>The level of its leaf.</summary>
    public int Level;
}

/// <summary>
/// Direct-mapped arrays in front of the TLBs, one for each row of access rights: kind, mode and standing
/// towards SMAP. A slot is filled only by an access of its row that was permitted, and for a write with D
/// set, so a hit is one index, one comparison and one addition, and judges nothing. What it was judged by
/// is not in the tag; a generation is, and every flush or change of a register begins a new one.
/// </summary>
internal sealed class FrontArray
{
    private const int GenerationShift = 52;
    private const ulong FirstGeneration = 1UL << GenerationShift;

    // Where there is no front one slot stays empty, so that a hit path need not ask.
    private readonly FrontSlot[] _none = new FrontSlot[1];
    private readonly FrontSlot[][] _rows;
    private ulong _generation = FirstGeneration;
    private bool _holdsLargePages;

    // The rows that were filled since all was forgotten, a bit each: mostly those of one mode.
    private uint _filled;

    /// <param name="slots">A power of two for each row, or 0 for no front.</param>
    public FrontArray(int slots)
    {
        if (slots < 0 || (slots & slots - 1) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(slots), $"There is no front array of {slots} slots.");
        }

        IsOn = slots > 0;
        _rows = new FrontSlot[IsOn ? AccessRows.Count : 0][];
        for (int row = 0; row < _rows.Length; row++)
        {
            bool isRow = AccessRows.KindOf(row) <= AccessKind.ShadowStackWrite;
            _rows[row] = new FrontSlot[isRow ? slots : 0];
        }
    }

    /// <summary>Whether it ever keeps anything.</summary>
    public bool IsOn { get; }

    /// <summary>The slots of one row, for whoever makes many accesses by it.</summary>
    public FrontSlot[] this[int row] => IsOn ? _rows[row] : _none;

    /// <summary>The slot of an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref FrontSlot SlotOf(FrontSlot[] row, ulong address) => ref Unsafe.Add(
        ref MemoryMarshal.GetArrayDataReference(row), (nint)(address >> 12) & row.Length - 1);

    /// <summary>What the slot of an address must be tagged with to serve it now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong TagOf(ulong address) => address >> 12 | _generation;

    /// <summary>Keeps the translation of an access that was permitted.</summary>
    public void Insert(int row, ulong address, ulong physical, ulong entry, int level)
    {
        if (IsOn)
        {
            SlotOf(_rows[row], address) =
                new() { Tag = TagOf(address), Offset = physical - address, Entry = entry, Level = level };
            _holdsLargePages |= level > 1;
            _filled |= 1u << row;
        }
    }

    /// <summary>Forgets the page at an address, of whichever size it is.</summary>
    public void RemovePage(ulong address)
    {
        // The parts of a large page may be in any slot.
        if (_holdsLargePages)
        {
            Clear();
        }

        for (uint rows = _filled; rows != 0; rows &= rows - 1)
        {
            SlotOf(_rows[BitOperations.TrailingZeroCount(rows)], address).Tag = 0;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        (_holdsLargePages, _filled) = (false, 0);
        _generation += FirstGeneration;
        if (_generation == 0)
        {
            // Numbers come again, and must not find what was kept under them.
            _generation = FirstGeneration;
            foreach (var row in _rows)
            {
                row.AsSpan().Clear();
            }
        }
    }

    /// <summary>Shows every entry that could serve now, tagged by its page.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor
    {
        foreach (var row in _rows)
        {
            foreach (ref readonly var slot in row.AsSpan())
            {
                if (slot.Tag >> GenerationShift == _generation >> GenerationShift)
                {
                    visitor.Entry(slot.Tag & FirstGeneration - 1, slot.Entry);
                }
            }
        }
    }

    /// <summary>The slots of a row that could serve now.</summary>
    public IEnumerable<FrontSlot> Held(int row)
    {
        foreach (var slot in this[row])
        {
            if (slot.Tag >> GenerationShift == _generation >> GenerationShift)
            {
                yield return slot;
            }
        }
    }
}
