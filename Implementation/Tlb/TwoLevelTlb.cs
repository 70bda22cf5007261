using System.Runtime.CompilerServices;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// The TLBs of one CPU: first levels for data and for fetches, each with an array for each size of page,
/// and a second level behind both. What the second level gives is also kept in the first. The front array
/// is filled by whoever judges accesses, and emptied here with the rest.
/// </summary>
internal sealed class TwoLevelTlb
{
    // The leaf of the largest page is of this level.
    private const int LevelMost = 3;

    private readonly SetAssociativeArray[] _data;
    private readonly SetAssociativeArray[] _instructions;
    private readonly SetAssociativeArray _smallData;
    private readonly SetAssociativeArray _smallInstructions;
    private readonly SetAssociativeArray _second;
    private readonly SetAssociativeArray _secondGigabyte;

    // The highest level of which a leaf was kept since all was forgotten. Who lifts a loop that ends there has to see
    // that it ends.
    private int _levelMost = 1;

    public TwoLevelTlb(TlbGeometry geometry)
    {
        _data = Sizes(geometry.Data);
        _instructions = Sizes(geometry.Instructions);
        (_smallData, _smallInstructions) = (_data[0], _instructions[0]);
        _second = new(geometry.Second);
        _secondGigabyte = new(geometry.SecondGigabyte);
        Front = new(geometry.FrontSlots);
    }

    /// <summary>The 4-KiB page that the first level keeps for an address, as a translation; zero when none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong FindSmall(ulong address, ulong pcid, bool fetch)
    {
        ulong page = TlbTag.Of(address, 1);
        return (fetch ? _smallInstructions : _smallData).Find(
            page | pcid, page | TlbTag.Global, NumberOf(address, 1));
    }

    /// <summary>The same, of those ways alone that are compared at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong FindSmallAmongFour(ulong address, ulong pcid, bool fetch) =>
        (fetch ? _smallInstructions : _smallData).FindAmongFour(TlbTag.Of(address, 1), pcid, NumberOf(address, 1));

    /// <summary>The front array.</summary>
    public FrontArray Front { get; }

    /// <summary>The arrays behind it, and where each belongs.</summary>
    public IEnumerable<(TlbPlace Place, SetAssociativeArray Array)> Arrays
    {
        get
        {
            foreach (var array in _data)
            {
                yield return (TlbPlace.FirstData, array);
            }

            foreach (var array in _instructions)
            {
                yield return (TlbPlace.FirstInstructions, array);
            }

            yield return (TlbPlace.Second, _second);
            yield return (TlbPlace.Second, _secondGigabyte);
        }
    }

    /// <summary>
    /// The translation that is kept for an address under a PCID, or as global; zero when there is none.
    /// </summary>
    public ulong Find(ulong address, ulong pcid, bool fetch, out int level, out TlbSource source)
    {
        (level, source) = (1, TlbSource.FirstLevel);
        ulong entry = FindSmall(address, pcid, fetch);
        if (entry != 0)
        {
            return entry;
        }

        var first = fetch ? _instructions : _data;
        // Survivor: to look where nothing is takes time, and finds nothing.
        for (level = 2; level <= LevelMost && level <= _levelMost; level++)
        {
            ulong page = TlbTag.Of(address, level);
            entry = first[level - 1].Find(page | pcid, page | TlbTag.Global, NumberOf(address, level));
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
        _levelMost = Math.Max(_levelMost, level);
        (fetch ? _instructions : _data)[level - 1].Insert(tag, entry, NumberOf(address, level));
        SecondOf(level).Insert(tag, entry, NumberOf(address, level));
    }

    /// <summary>Forgets the pages of every size at an address, of a PCID and perhaps global ones.</summary>
    public void RemovePage(ulong address, ulong pcid, bool global)
    {
        Front.RemovePage(address);
        // Survivor: as above.
        for (int level = 1; level <= LevelMost && level <= _levelMost; level++)
        {
            uint number = NumberOf(address, level);
            ulong page = TlbTag.Of(address, level), other = page | (global ? TlbTag.Global : pcid);
            _data[level - 1].Remove(page | pcid, other, number);
            _instructions[level - 1].Remove(page | pcid, other, number);
            SecondOf(level).Remove(page | pcid, other, number);
        }
    }

    /// <summary>Forgets every entry whose tag, under a mask, is the wanted one.</summary>
    public void RemoveWhere(ulong mask, ulong wanted)
    {
        Front.Clear();
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
        // Survivor: as above.
        _levelMost = 1;
        Front.Clear();
        for (int level = 1; level <= LevelMost; level++)
        {
            _data[level - 1].Clear();
            _instructions[level - 1].Clear();
        }

        _second.Clear();
        _secondGigabyte.Clear();
    }

    /// <summary>Shows every entry.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor
    {
        Front.Visit(ref visitor);
        foreach (var (_, array) in Arrays)
        {
            array.Visit(ref visitor);
        }
    }

    private ulong FindSecond(
        SetAssociativeArray[] first, ulong address, ulong pcid, out int level, out TlbSource source)
    {
        source = TlbSource.SecondLevel;
        // Survivor: as above.
        for (level = 1; level <= LevelMost && level <= _levelMost; level++)
        {
            uint number = NumberOf(address, level);
            ulong page = TlbTag.Of(address, level);
            ulong entry = SecondOf(level).Find(page | pcid, page | TlbTag.Global, number, out ulong tag);
            if (entry != 0)
            {
                first[level - 1].Insert(tag, entry, number);
                return entry;
            }
        }

        source = TlbSource.Walk;
        return 0;
    }

    private SetAssociativeArray SecondOf(int level) => level == LevelMost ? _secondGigabyte : _second;

    private static uint NumberOf(ulong address, int level) => (uint)(address >> 12 + 9 * (level - 1));

    private static SetAssociativeArray[] Sizes(FirstLevelShape shape) =>
        [new(shape.Small), new(shape.Large), new(shape.Gigabyte)];
}
