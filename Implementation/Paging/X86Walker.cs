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
/// Allocates nothing.
/// </summary>
public readonly struct X86Walker<TDepth>(in ControlState control)
    where TDepth : struct, IDepth
{
    private readonly WalkTables _tables = new(control);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TranslationOutcome Walk<TMemory>(ref TMemory memory, in Access access)
        where TMemory : struct, IMarkableMemory
    {
        ulong address = access.Address.Value;
        uint row = _tables.Rows[AccessRows.IndexOf(access)];
        if (!IsCanonical(address))
        {
            return access.StackSegment ? TranslationOutcome.StackFault() : TranslationOutcome.GeneralProtection();
        }

        ulong table = _tables.TopTable;
        ulong and = ulong.MaxValue;
        ulong or = 0;
        ulong at;
        ulong entry;
        if (default(TDepth).Levels == 5)
        {
            at = table | Index(address, 48);
            if (!Read(ref memory, at, out entry) || IsUnusable(entry, _tables.UpperMask))
            {
                return Unusable(ref memory, at, row, address);
            }

            and = entry;
            or = entry;
            table = entry & EntryBits.Frame;
        }

        at = table | Index(address, 39);
        if (!Read(ref memory, at, out entry) || IsUnusable(entry, _tables.UpperMask))
        {
            return Unusable(ref memory, at, row, address);
        }

        and &= entry;
        or |= entry;
        table = entry & EntryBits.Frame;

        at = table | Index(address, 30);
        if (!Read(ref memory, at, out entry)
            || IsUnusable(entry, entry.IsLargePage ? _tables.GigabytePageMask : _tables.PointerMask))
        {
            return Unusable(ref memory, at, row, address);
        }

        var size = PageSize.Size1G;
        int patShift = EntryBits.LargePatShift;
        if (!entry.IsLargePage)
        {
            and &= entry;
            or |= entry;
            table = entry & EntryBits.Frame;

            at = table | Index(address, 21);
            if (!Read(ref memory, at, out entry)
                || IsUnusable(entry, entry.IsLargePage ? _tables.LargePageMask : _tables.DirectoryMask))
            {
                return Unusable(ref memory, at, row, address);
            }

            size = PageSize.Size2M;
            if (!entry.IsLargePage)
            {
                and &= entry;
                or |= entry;
                table = entry & EntryBits.Frame;

                at = table | Index(address, 12);
                if (!Read(ref memory, at, out entry) || IsUnusable(entry, _tables.SmallPageMask))
                {
                    return Unusable(ref memory, at, row, address);
                }

                size = PageSize.Size4K;
                patShift = EntryBits.SmallPatShift;
            }
        }

        uint rights = Rights(and, or, entry);
        uint key = (uint)(entry >> EntryBits.KeyShift) & _tables.KeyMask;
        uint keyDenies = _tables.Pkru >> (int)(2 * key) & AccessRows.KeyBits(row)
            & (0 - (rights >> 1 & 1));
        if (!AccessRows.Permits(row, rights) || keyDenies != 0)
        {
            return Forbidden(row, keyDenies, address);
        }

        ulong dirty = AccessRows.DirtyBit(row);
        ulong missing = (~(and & entry) & EntryBits.Accessed) | (~entry & dirty);
        if (missing != 0)
        {
            Mark(ref memory, address, dirty);
        }

        ulong offset = (1UL << (int)size) - 1;
        int type = 8 * (int)((entry >> patShift & 1) << 2 | (entry >> EntryBits.CachingShift & 3));
        return TranslationOutcome.Translated(
            new((entry & EntryBits.Frame & ~offset) | (address & offset)),
            size,
            (PageRights)rights,
            (entry & _tables.GlobalMask) != 0,
            ((entry | dirty) & EntryBits.Dirty) != 0,
            new((byte)key),
            (MemoryType)(_tables.Pat >> type & 7));
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
    private static bool Read<TMemory>(ref TMemory memory, ulong at, out ulong entry)
        where TMemory : struct, IMarkableMemory
    {
        if (!memory.Contains(new(at)))
        {
            entry = 0;
            return false;
        }

        entry = memory.Read(new(at)).Value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsUnusable(ulong entry, ulong mask) => (entry & mask) != EntryBits.Present;

    // Write, user, execute and shadow stack, as the index into a permission row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Rights(ulong and, ulong or, ulong leaf)
    {
        ulong shadowStack = (and & ~leaf) >> EntryBits.WritableShift & leaf >> EntryBits.DirtyShift & _tables.ShadowStackMask;
        return (uint)((and & leaf) >> EntryBits.WritableShift & 3)
            | (uint)(~(or | leaf) >> 63) << 2
            | (uint)shadowStack << 3;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TranslationOutcome Unusable<TMemory>(ref TMemory memory, ulong at, uint row, ulong address)
        where TMemory : struct, IMarkableMemory
    {
        if (!memory.Contains(new(at)))
        {
            return TranslationOutcome.OutsideMemory(new(at));
        }

        var cause = memory.Read(new(at)).Value.IsPresent
            ? PageFaultCode.Present | PageFaultCode.Reserved
            : PageFaultCode.None;
        return TranslationOutcome.PageFault(AccessRows.Code(row) | cause, new(address));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TranslationOutcome Forbidden(uint row, uint keyDenies, ulong address)
    {
        var cause = keyDenies != 0
            ? PageFaultCode.Present | PageFaultCode.ProtectionKey
            : PageFaultCode.Present;
        return TranslationOutcome.PageFault(AccessRows.Code(row) | cause, new(address));
    }

    // Goes the way again that has just been found good. The marks change no bit that steers it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Mark<TMemory>(ref TMemory memory, ulong address, ulong dirty)
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
