using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;

namespace PageProof.Properties.PageTables;

/// <summary>
/// The few places of the address space that a sequence is about: on both sides of boundaries between
/// tables, so that ranges cross them and pages share tables.
/// </summary>
internal sealed class PageTableWorld
{
    private const int PagesAround = 3;
    private static readonly PageSize[] Sizes =
        [PageSize.Size4K, PageSize.Size4K, PageSize.Size4K, PageSize.Size2M, PageSize.Size1G];

    private readonly ulong[] _boundaries;
    private readonly ulong _half;
    private readonly List<PageRange> _used = [];

    public PageTableWorld(ref CaseRandom random, int levels)
    {
        _half = 1UL << 11 + 9 * levels;
        _boundaries = new ulong[1 + random.Below(3)];
        for (int place = 0; place < _boundaries.Length; place++)
        {
            _boundaries[place] = Boundary(ref random);
        }
    }

    /// <summary>A size of pages, mostly small.</summary>
    public PageSize RandomSize(ref CaseRandom random) => random.Of(Sizes);

    /// <summary>Some pages of this size around a boundary; now and then no range at all.</summary>
    public PageRange RandomRange(ref CaseRandom random, PageSize size)
    {
        ulong bytes = 1UL << (int)size;
        ulong start = random.Of(_boundaries) + bytes * (ulong)(random.Below(2 * PagesAround) - PagesAround);
        ulong count = random.OneIn(2) ? 1 : (ulong)(1 + random.Below(2 * PagesAround));
        PageRange range = new(new(start), new(bytes * count));
        return random.Below(48) switch
        {
            0 => range with { Length = default },
            1 => range with { Start = new(start + 1UL << random.Below(12)) },
            2 => range with { Start = new(start ^ _half) },
            3 => range with { Length = new(range.Length.Value + 512) },
            4 => range with { Length = new(ulong.MaxValue << 12) },
            _ => range,
        };
    }

    /// <summary>A range in which something may be: one that was mapped, a part of it, or around it.</summary>
    public PageRange UsedRange(ref CaseRandom random)
    {
        if (_used.Count == 0 || random.OneIn(6))
        {
            return RandomRange(ref random, RandomSize(ref random));
        }

        var range = random.OneIn(2) ? _used[^1] : random.Of(_used);
        ulong pages = range.Length.Value >> 12;
        ulong few = (ulong)random.Below(PagesAround + 1) << 12;
        return random.Below(8) switch
        {
            0 when pages > few >> 12 => new(new(range.Start.Value + few), new(range.Length.Value - few)),
            1 => new(range.Start, new(4096)),
            2 => new(new(range.Start.Value & ~0x1F_FFFFUL), new(2UL << 21)),
            3 => new(new(range.Start.Value - few), new(range.Length.Value + 2 * few)),
            _ => range,
        };
    }

    /// <summary>An address in a range, or anywhere.</summary>
    public LinearAddress RandomAddress(ref CaseRandom random, PageRange range)
    {
        ulong pages = Math.Max(1, range.Length.Value >> 12);
        ulong page = random.OneIn(2) ? 0 : (ulong)random.Below((int)Math.Min(pages, 1 << 20));
        ulong address = range.Start.Value + (page << 12) + (random.OneIn(4) ? (ulong)random.Below(4096) : 0);
        return new(random.OneIn(64) ? address ^ _half : address);
    }

    /// <summary>Remembers where pages are now.</summary>
    public void Use(PageRange range)
    {
        _used.Remove(range);
        _used.Add(range);
        if (_used.Count > 6)
        {
            _used.RemoveAt(0);
        }
    }

    private ulong Boundary(ref CaseRandom random)
    {
        ulong lower = random.Below(5) switch
        {
            // Where no level goes on to another table, and where two, three or all do.
            0 => 0x20_0000UL * 7 + 0x10_0000,
            1 => 0x20_0000UL * 9,
            2 => 1UL << 30,
            3 => 1UL << 39,
            _ => _half - (1UL << 30),
        };
        return random.OneIn(4) ? lower - 2 * _half : lower;
    }
}
