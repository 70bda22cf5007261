using System.Runtime.CompilerServices;
using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Implementation.Paging;

/// <summary>How deep a walk is, as a type, so that each depth gets code of its own.</summary>
public interface IDepth
{
    int Levels { get; }
}

public readonly struct FourLevels : IDepth
{
    public int Levels => 4;
}

public readonly struct FiveLevels : IDepth
{
    public int Levels => 5;
}

/// <summary>
/// The long-mode walk for one control state. Each level costs one load, one range test and one mask
/// test; rights gather in an AND and an OR; the permission rules are one bit of a table row. A and D
/// are set on a path of their own, which re-reads each entry and so never writes an old copy back.
/// Allocates nothing. Memory is passed by value: it is a handle, and held in registers.
/// </summary>
public readonly struct X86Walker<TDepth>(in ControlState control)
    where TDepth : struct, IDepth
{
    private readonly WalkTables _tables = new(control);

    /// <summary>Translates, and sets A and D where the access completes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TranslationOutcome Walk<TMemory>(TMemory memory, in Access access)
        where TMemory : struct, IMarkableMemory
    {
        ulong address = access.Address.Value;
        ref readonly var row = ref _tables.Rows[AccessRows.IndexOf(access)];
        if (!IsCanonical(address))
        {
            return access.StackSegment ? TranslationOutcome.StackFault() : TranslationOutcome.GeneralProtection();
        }

        if (!Descend(memory, address, out ulong at, out ulong and, out ulong or, out ulong leaf,
            out var size, out ulong offset))
        {
            return Unusable(memory, at, row.Code, address);
        }

        ulong all = and & leaf;
        int key = (int)(leaf >> EntryBits.KeyShift - 1) & _tables.KeyShiftMask;
        uint keyDenies = _tables.Pkru >> key & row.KeyBits;
        if (Denied(row, and, or | leaf, leaf, keyDenies) != 0)
        {
            return Forbidden(row.Code, all, keyDenies, address);
        }

        // Survivor: to mark without need takes time, and changes nothing.
        if ((~all & EntryBits.Accessed | ~leaf & row.DirtyBit) != 0)
        {
            Mark(memory, address, row.DirtyBit);
        }

        return TranslationOutcome.Translated(
            new((leaf & EntryBits.Frame & ~offset) | (address & offset)),
            size,
            Rights(and, or | leaf, leaf),
            (leaf & _tables.GlobalMask) != 0,
            ((leaf | row.DirtyBit) & EntryBits.Dirty) != 0,
            new((byte)((uint)key >> 1)),
            TypeOf(leaf, size));
    }

    // To the leaf, gathering what the entries above it have all, and what any has. False at an entry
    // that is outside memory, absent or has a reserved bit: "at" then tells which.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Descend<TMemory>(
        TMemory memory,
        ulong address,
        out ulong at,
        out ulong and,
        out ulong or,
        out ulong leaf,
        out PageSize size,
        out ulong offset)
        where TMemory : struct, IMarkableMemory
    {
        (and, or, leaf) = (ulong.MaxValue, 0, 0);
        (size, offset) = (PageSize.Size1G, EntryBits.GigabytePageOffset);
        ulong table = _tables.TopTable;
        if (default(TDepth).Levels == 5)
        {
            at = table | Index(address, 48);
            if (!Read(memory, at, out ulong top) || IsUnusable(top, _tables.UpperMask))
            {
                return false;
            }

            (and, or, table) = (top, top, top & EntryBits.Frame);
        }

        at = table | Index(address, 39);
        if (!Read(memory, at, out ulong entry) || IsUnusable(entry, _tables.UpperMask))
        {
            return false;
        }

        (and, or, table) = (and & entry, or | entry, entry & EntryBits.Frame);
        at = table | Index(address, 30);
        if (!Read(memory, at, out leaf))
        {
            return false;
        }

        if (leaf.IsLargePage)
        {
            return !IsUnusable(leaf, _tables.GigabytePageMask);
        }

        if (IsUnusable(leaf, _tables.PointerMask))
        {
            return false;
        }

        (size, offset) = (PageSize.Size2M, EntryBits.LargePageOffset);
        (and, or, table) = (and & leaf, or | leaf, leaf & EntryBits.Frame);
        at = table | Index(address, 21);
        if (!Read(memory, at, out leaf))
        {
            return false;
        }

        if (leaf.IsLargePage)
        {
            return !IsUnusable(leaf, _tables.LargePageMask);
        }

        if (IsUnusable(leaf, _tables.DirectoryMask))
        {
            return false;
        }

        (size, offset) = (PageSize.Size4K, EntryBits.SmallPageOffset);
        (and, or, table) = (and & leaf, or | leaf, leaf & EntryBits.Frame);
        at = table | Index(address, 12);
        return Read(memory, at, out leaf) && !IsUnusable(leaf, _tables.SmallPageMask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsCanonical(ulong address)
    {
        int width = 12 + 9 * default(TDepth).Levels;
        return address + (1UL << width - 1) < 1UL << width;
    }

    // The byte offset of the entry within its table.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Index(ulong address, int shift) => address >> shift - 3 & 0xFF8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Read<TMemory>(TMemory memory, ulong at, out ulong entry)
        where TMemory : struct, IMarkableMemory
    {
        if (!memory.Contains(new(at)))
        {
            // Survivor: an entry of zero is unusable anyway, and is then found to be outside.
            entry = 0;
            return false;
        }

        entry = memory.Read(new(at)).Value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsUnusable(ulong entry, ulong mask) => (entry & mask) != EntryBits.Present;

    // Zero when the rights and the key permit the access.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Denied(in AccessRow row, ulong and, ulong or, ulong leaf, uint keyDenies)
    {
        ulong all = and & leaf;
        ulong shadowStack = and >> EntryBits.WritableShift & leaf >> EntryBits.DirtyShift;

        // Adding 3 carries any key bit into the place of U/S: a key binds user pages only.
        return (all ^ row.Wanted) & row.Judged
            | or & row.Barred
            | ~shadowStack & row.ShadowStack
            | keyDenies + 3 & all & EntryBits.User;
    }

    private MemoryType TypeOf(ulong leaf, PageSize size)
    {
        int patShift = size == PageSize.Size4K ? EntryBits.SmallPatShift : EntryBits.LargePatShift;
        int index = (int)((leaf >> patShift & 1) << 2 | (leaf >> EntryBits.CachingShift & 3));
        return (MemoryType)(_tables.Pat >> 8 * index & 7);
    }

    private PageRights Rights(ulong and, ulong or, ulong leaf)
    {
        ulong shadowStack = (and & ~leaf) >> EntryBits.WritableShift & leaf >> EntryBits.DirtyShift;
        return (PageRights)((and & leaf) >> EntryBits.WritableShift & 3)
            | (PageRights)(~or >> 61 & 4)
            | (PageRights)((shadowStack & _tables.ShadowStackMask) << 3);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TranslationOutcome Unusable<TMemory>(TMemory memory, ulong at, PageFaultCode code, ulong address)
        where TMemory : struct, IMarkableMemory
    {
        if (!memory.Contains(new(at)))
        {
            return TranslationOutcome.OutsideMemory(new(at));
        }

        var cause = memory.Read(new(at)).Value.IsPresent
            ? PageFaultCode.Present | PageFaultCode.Reserved
            : PageFaultCode.None;
        return TranslationOutcome.PageFault(code | cause, new(address));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TranslationOutcome Forbidden(PageFaultCode code, ulong all, uint keyDenies, ulong address)
    {
        var cause = keyDenies != 0 && (all & EntryBits.User) != 0
            ? PageFaultCode.Present | PageFaultCode.ProtectionKey
            : PageFaultCode.Present;
        return TranslationOutcome.PageFault(code | cause, new(address));
    }

    // Goes the way again that has just been found good. The marks change no bit that steers it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Mark<TMemory>(TMemory memory, ulong address, ulong dirty)
        where TMemory : struct, IMarkableMemory
    {
        ulong table = _tables.TopTable;
        for (int level = default(TDepth).Levels; level >= 1; level--)
        {
            PhysicalAddress at = new(table | Index(address, 12 + 9 * (level - 1)));
            ulong entry = memory.Read(at).Value;
            if (level == 1 || (level <= 3 && entry.IsLargePage))
            {
                memory.Or(at, (EntryBit)(EntryBits.Accessed | dirty));
                return;
            }

            memory.Or(at, EntryBit.Accessed);
            table = entry & EntryBits.Frame;
        }
    }
}
