using System.Runtime.CompilerServices;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// The TLBs of one CPU: first levels for data and for fetches, each with an array for each size of page,
/// and a second level behind both. What the second level gives is also kept in the first.
/// </summary>
internal sealed class TwoLevelTlb(TlbGeometry geometry)
{
    // The leaf of the largest page is of this level.
    private const int LevelMost = 3;

    private readonly SetAssociativeArray[] _data = Arrays(geometry.Data);
    private readonly SetAssociativeArray[] _instructions = Arrays(geometry.Instructions);
    private readonly SetAssociativeArray _second = new(geometry.Second);
    private readonly SetAssociativeArray _secondGigabyte = new(geometry.SecondGigabyte);

    /// <summary>
    /// The translation that is kept for an address under a PCID, or as global; zero when there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find(ulong address, ulong pcid, bool fetch, out int level, out TlbSource source)
    {
        var first = fetch ? _instructions : _data;
        source = TlbSource.FirstLevel;
        for (level = 1; level <= LevelMost; level++)
        {
            ulong page = TlbTag.Of(address, level);
            ulong entry = first[level - 1].Find(page | pcid, page | TlbTag.Global, NumberOf(address, level));
            if (entry != 0)
            {
                return entry;
            }
        }

        return FindSecond(first, address, pcid, out level, out source);
    }

    /// <summary>Keeps a translation in the first level of its kind and in the second.</summary>
    public void Insert(ulong address, ulong pcid, int level, bool fetch, bool global, ulong entry)
    {
        ulong tag = TlbTag.OfTranslation(address, level, pcid, global);
        (fetch ? _instructions : _data)[level - 1].Insert(tag, entry, NumberOf(address, level));
        SecondOf(level).Insert(tag, entry, NumberOf(address, level));
    }

    /// <summary>Forgets the pages of every size at an address, of a PCID and perhaps global ones.</summary>
    public void RemovePage(ulong address, ulong pcid, bool global)
    {
        for (int level = 1; level <= LevelMost; level++)
        {
            uint number = NumberOf(address, level);
            ulong page = TlbTag.Of(address, level);
            foreach (var array in (ReadOnlySpan<SetAssociativeArray>)
                [_data[level - 1], _instructions[level - 1], SecondOf(level)])
            {
                array.Remove(page | pcid, number);
                if (global)
                {
                    array.Remove(page | TlbTag.Global, number);
                }
            }
        }
    }

    /// <summary>Forgets every entry whose tag, under a mask, is the wanted one.</summary>
    public void RemoveWhere(ulong mask, ulong wanted)
    {
        for (int level = 1; level <= LevelMost; level++)
        {
            _data[level - 1].RemoveWhere(mask, wanted);
            _instructions[level - 1].RemoveWhere(mask, wanted);
        }

        _second.RemoveWhere(mask, wanted);
        _secondGigabyte.RemoveWhere(mask, wanted);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        for (int level = 1; level <= LevelMost; level++)
        {
            _data[level - 1].Clear();
            _instructions[level - 1].Clear();
        }

        _second.Clear();
        _secondGigabyte.Clear();
    }

    private ulong FindSecond(
        SetAssociativeArray[] first, ulong address, ulong pcid, out int level, out TlbSource source)
    {
        source = TlbSource.SecondLevel;
        for (level = 1; level <= LevelMost; level++)
        {
            uint number = NumberOf(address, level);
            ulong page = TlbTag.Of(address, level);
            foreach (ulong tag in (ReadOnlySpan<ulong>)[page | pcid, page | TlbTag.Global])
            {
                ulong entry = SecondOf(level).Find(tag, tag, number);
                if (entry != 0)
                {
                    first[level - 1].Insert(tag, entry, number);
                    return entry;
                }
            }
        }

        source = TlbSource.Walk;
        return 0;
    }

    private SetAssociativeArray SecondOf(int level) => level == LevelMost ? _secondGigabyte : _second;

    private static uint NumberOf(ulong address, int level) => (uint)(address >> 12 + 9 * (level - 1));

    private static SetAssociativeArray[] Arrays(FirstLevelShape shape) =>
        [new(shape.Small), new(shape.Large), new(shape.Gigabyte)];
}
