using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Tlb;

/// <summary>
/// The small world of one sequence: two or three tables of each level, of each two words, and a few
/// addresses and PCIDs, so that commands collide. It also remembers what the words hold.
/// </summary>
internal sealed class TlbWorld
{
    private const int FramesOfLeaves = 4;
    private const int WordsOfWalk = 5;
    private const ulong FrameMask = 0x000F_FFFF_FFFF_F000;

    // Where accesses are made, small pages lie here, beyond all tables.
    private const ulong FirstSmallPage = 16;
    private const ulong Permissive = (ulong)(EntryBit.Present | EntryBit.Writable | EntryBit.User);

    private readonly ulong[][] _tables;
    private readonly bool _accesses;
    private readonly List<PhysicalAddress> _places = [];
    private readonly List<int> _levelOf = [];
    private readonly List<ulong> _words = [];

    public TlbWorld(ref CaseRandom random, TlbCapabilities capabilities, in ControlState drawn)
    {
        Capabilities = capabilities;
        _accesses = capabilities.Translation.Accesses;
        Levels = EntryFormat.LevelsOf(drawn);
        Control = drawn;
        _tables = new ulong[Levels + 1][];

        // From frame 2 on, an entry that leads to a table has a reserved bit as a large page: where accesses
        // are made, a flipped PS never makes a page of tables.
        ulong frame = _accesses ? 2UL : 1UL;
        for (int level = 1; level <= Levels; level++)
        {
            _tables[level] = new ulong[level == 1 ? 3 : 2];
            for (int table = 0; table < _tables[level].Length; table++)
            {
                _tables[level][table] = frame++ << 12;
            }
        }

        Pcids = [0, (ushort)(1 + random.Below(Pcid.Most)), random.OneIn(2) ? Pcid.Most : (ushort)1];
        var indices = new ulong[Levels + 1][];
        for (int level = 1; level <= Levels; level++)
        {
            do
            {
                ulong first = RandomIndex(ref random);
                indices[level] = [first, first ^ 1UL << random.Below(9)];
            }
            while (level == Levels && indices[level].Any(index => capabilities.OwnTopIndices.Contains((int)index)));
        }

        for (int level = 1; level <= Levels; level++)
        {
            foreach (ulong table in _tables[level])
            {
                foreach (ulong index in indices[level])
                {
                    _places.Add(new(table + index * 8));
                    _levelOf.Add(level);
                    _words.Add(RandomEntry(ref random, level));
                }
            }
        }

        Addresses = RandomAddresses(ref random, indices);
    }

    public TlbCapabilities Capabilities { get; }

    public ControlState Control { get; }

    public int Levels { get; }

    public int Count => _words.Count;

    public ushort[] Pcids { get; }

    public LinearAddress[] Addresses { get; }

    public ImmutableArray<TableWord> Words =>
        [.. _places.Select((place, index) => new TableWord(place, new(_words[index])))];

    public TableWord WordAt(int index) => new(_places[index], new(_words[index]));

    public void Set(int index, ulong entry) => _words[index] = entry;

    /// <summary>A top table, and below it a PCID while there are any, else PWT and PCD.</summary>
    public ulong RandomCr3(ref CaseRandom random, in ControlState control)
    {
        bool hasPcids = EntryFormat.Has(control, Cr4.ProcessContextIdentifiers);
        ulong low = hasPcids ? random.Of(Pcids) : random.OneIn(4) ? random.Next() & 0x18 : 0;
        return random.Of(_tables[Levels]) | low;
    }

    /// <summary>A word that a walk for the address may read now; any word when there is none.</summary>
    public int WordOnPath(ref CaseRandom random, Cr3 cr3, LinearAddress address)
    {
        Span<int> path = stackalloc int[WordsOfWalk];
        int count = 0;
        var table = EntryFormat.TopTable(cr3);
        for (int level = Levels; level >= 1; level--)
        {
            int index = _places.IndexOf(EntryFormat.EntryAddress(table, address, level));
            if (index < 0)
            {
                break;
            }

            path[count++] = index;
            PagingEntry entry = new(_words[index]);
            if (EntryFormat.IsLeaf(entry, level))
            {
                break;
            }

            // An entry that was made absent still leads on: it may come back.
            table = EntryFormat.NextTable(entry);
        }

        return count == 0 ? random.Below(Count)
            : random.OneIn(2) ? path[count - 1]
            : path[random.Below(count)];
    }

    /// <summary>What software stores over a word: mostly what is there with one thing changed.</summary>
    public ulong RandomStore(ref CaseRandom random, int index)
    {
        int level = _levelOf[index];
        ulong stored = Changed(ref random, _words[index], level);
        ulong frame = FrameMask & (1UL << Control.MaxPhyAddr.Bits) - 1;
        bool isAbsent = (stored & (ulong)EntryBit.Present) == 0;
        stored &= _accesses && level == 3 && Control.HasGigabytePages ? ~(ulong)EntryBit.PageSize : ulong.MaxValue;
        return !_accesses || isAbsent || LeadsOn(stored & frame, level)
            ? stored
            : stored & ~frame | RandomEntry(ref random, level) & frame;
    }

    private ulong Changed(ref CaseRandom random, ulong now, int level) => random.Below(16) switch
    {
        0 or 1 => now ^ (ulong)EntryBit.Present,
        2 => now ^ (ulong)EntryBit.Writable,
        3 => now ^ (ulong)EntryBit.User,
        4 => now ^ (ulong)EntryBit.Global,
        5 => now & ~(ulong)(EntryBit.Accessed | EntryBit.Dirty) | (ulong)EntryBit.Present,
        6 => now & ~(ulong)EntryBit.Dirty | (ulong)EntryBit.Present,
        7 => now | (ulong)(EntryBit.Accessed | EntryBit.Dirty),
        8 => now ^ (ulong)EntryBit.ExecuteDisable,
        9 or 10 => now & ~FrameMask | RandomEntry(ref random, level) & FrameMask,
        11 => random.OneIn(2) ? 0 : now ^ 1UL << random.Below(64),
        12 when random.OneIn(4) => random.Edgy(),
        13 when level > 1 && random.OneIn(2) => now & ~FrameMask | Capabilities.Memory.Value,
        _ => RandomEntry(ref random, level),
    };

    // To a table of the next level, or to one of the pages.
    private bool LeadsOn(ulong frame, int level) => level > 1 && _tables[level - 1].Contains(frame)
        || level <= 2 && Enumerable.Range(0, FramesOfLeaves).Any(page => frame == FrameOf(level, page));

    private ulong FrameOf(int level, int page) =>
        (ulong)page + (_accesses && level == 1 ? FirstSmallPage : 1) << EntryFormat.OffsetBits(level);

    private ulong RandomEntry(ref CaseRandom random, int level)
    {
        ulong entry = Permissive;
        entry ^= random.OneIn(24) ? (ulong)EntryBit.Present : 0;
        entry ^= random.OneIn(5) ? (ulong)EntryBit.Writable : 0;
        entry ^= random.OneIn(5) ? (ulong)EntryBit.User : 0;
        entry |= random.OneIn(2) ? (ulong)EntryBit.Accessed : 0;
        entry |= random.OneIn(8) ? (ulong)EntryBit.ExecuteDisable : 0;
        bool large = level == 2 ? random.OneIn(4) : HasGigabytePages(level) && random.OneIn(6);
        if (level > 1 && !large)
        {
            return entry | random.Of(_tables[level - 1]);
        }

        entry |= random.OneIn(3) ? (ulong)EntryBit.Dirty : 0;
        entry |= random.OneIn(3) ? (ulong)EntryBit.Global : 0;
        entry |= random.OneIn(4) ? (ulong)random.Below(16) << 59 : 0;
        entry |= random.OneIn(6) ? random.Next() & (ulong)(EntryBit.WriteThrough | EntryBit.CacheDisable) : 0;
        entry |= large ? (ulong)EntryBit.PageSize : 0;
        if (EntryFormat.Has(Control, Cr4.ControlFlowEnforcement) && random.OneIn(3))
        {
            // The form of a shadow stack.
            entry = entry & ~(ulong)EntryBit.Writable | (ulong)EntryBit.Dirty;
        }

        return entry | FrameOf(level, random.Below(FramesOfLeaves));
    }

    // No memory that accesses could be made to is so large.
    private bool HasGigabytePages(int level) => level == 3 && Control.HasGigabytePages && !_accesses;

    private LinearAddress[] RandomAddresses(ref CaseRandom random, ulong[][] indices)
    {
        var addresses = new LinearAddress[2 + random.Below(4)];
        for (int place = 0; place < addresses.Length; place++)
        {
            ulong offset = random.OneIn(3) ? (ulong)random.Below(1 << 12) : 0;
            ulong address = _accesses ? offset & ~7UL : offset;
            for (int level = 1; level <= Levels; level++)
            {
                // The upper levels mostly agree, so that addresses share their upper entries.
                bool second = level <= 2 ? random.OneIn(2) : random.OneIn(5);
                address |= indices[level][second ? 1 : 0] << EntryFormat.OffsetBits(level);
            }

            int untranslated = 64 - CanonicalSpec.WidthOf(Levels);
            addresses[place] = new((ulong)((long)(address << untranslated) >> untranslated));
        }

        return addresses;
    }

    private static ulong RandomIndex(ref CaseRandom random) => random.Below(4) switch
    {
        0 => 0,
        1 => 255UL + (ulong)random.Below(2),
        2 => 511,
        _ => (ulong)random.Below(512),
    };
}
