using System.Runtime.CompilerServices;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

public sealed partial class Cpu
{
    private TranslationOutcome Walk<TYield>(FlatMemory memory, int row, ulong address, TYield yield)
        where TYield : struct, IYield
    {
        ref readonly var rights = ref _tables.Rows[row];
        _misses.Walks++;
        ulong table = _tables.TopTable, and = ulong.MaxValue, or = 0;
        ulong kept = _upper.Find(address, _pcid, _levels, out int above);
        if (kept != 0)
        {
            (table, and, or) = (kept & EntryBits.Frame, kept, kept);
        }

        for (int level = above - 1; ;)
        {
            PhysicalAddress at = new(table | address >> 9 * level & 0xFF8);
            if (!memory.Contains(at))
            {
                return TranslationOutcome.OutsideMemory(at);
            }

            yield.Point(YieldKind.TableRead);
            _misses.WalkReads++;
            ulong word = memory.Read(at).Value;
            if (yield is IWalkWatch watch)
            {
                watch.Read(at, word);
            }

            bool leaf = level == 1 || (level <= 3 && word.IsLargePage);
            if ((word & MaskOf(level, leaf)) != EntryBits.Present)
            {
                var cause = word.IsPresent ? PageFaultCode.Present | PageFaultCode.Reserved : PageFaultCode.None;
                return Fault(rights.Code | cause, address);
            }

            ulong entry = CachedEntry.Of(word, and, or);
            if (leaf && _tables.Denied(rights, entry) != 0)
            {
                return Fault(rights.Code | _tables.Cause(rights, entry), address);
            }

            ulong marks = EntryBits.Accessed | (leaf ? rights.DirtyBit : 0);
            if (!IsMarked(memory, at, word, marks, yield))
            {
                continue;
            }

            if (leaf)
            {
                return Fill(row, address, level, entry | marks, yield);
            }

            (table, and, or) = (word & EntryBits.Frame, and & word, or | word);
            _upper.Insert(address, _pcid, level, table, and, or);
            level--;
        }
    }

    // False when the entry is no longer what was read: to mark it now would be to write an old copy back.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMarked<TYield>(
        FlatMemory memory, PhysicalAddress at, ulong word, ulong marks, TYield yield)
        where TYield : struct, IYield
    {
        // Survivor: to mark without need takes time, and changes nothing.
        if ((marks & ~word) == 0)
        {
            return true;
        }

        yield.Point(YieldKind.TableMark);
        bool marked = memory.CompareExchange(at, new(word | marks), new(word)).Value == word;
        if (marked && yield is IWalkWatch watch)
        {
            watch.Marked(at, word, word | marks);
        }

        return marked;
    }

    private TranslationOutcome Fill<TYield>(int row, ulong address, int level, ulong entry, TYield yield)
        where TYield : struct, IYield
    {
        bool global = (entry & _tables.GlobalMask) != 0;
        yield.Point(YieldKind.TlbFill);
        _tlb.Insert(address, _pcid, level, AccessRows.KindOf(row) == AccessKind.Fetch, global, entry);
        _tlb.Front.Insert(row, address, CachedEntry.PhysicalOf(entry, level, address), entry, level);
        return _tables.Translated(entry, level, address, global);
    }

    // What led to the fault may be old, so none of it is kept.
    private TranslationOutcome Fault(PageFaultCode code, ulong address)
    {
        _tlb.RemovePage(address, _pcid, global: true);
        _upper.Remove(address, _pcid);
        return TranslationOutcome.PageFault(code, new(address));
    }

    private ulong MaskOf(int level, bool leaf) => level switch
    {
        1 => _tables.SmallPageMask,
        2 => leaf ? _tables.LargePageMask : _tables.DirectoryMask,
        3 => leaf ? _tables.GigabytePageMask : _tables.PointerMask,
        _ => _tables.UpperMask,
    };

    private void CountMiss(AccessKind kind)
    {
        switch (kind)
        {
            case AccessKind.Fetch:
                _misses.FetchMisses++;
                break;
            case AccessKind.Write or AccessKind.ShadowStackWrite:
                _misses.StoreMisses++;
                break;
            default:
                _misses.LoadMisses++;
                break;
        }
    }
}
