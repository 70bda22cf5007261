using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.PageTables;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Kernel;

/// <summary>Lists the entries of page tables, level below level. Slow, and changes nothing.</summary>
internal sealed class TableListing(PhysicalPages pages)
{
    private const int Levels = 4;
    private const ulong Entries = 512;

    private readonly List<TableLine> _lines = [];

    /// <summary>The entries below a top table that are not empty.</summary>
    public IReadOnlyList<TableLine> Of(ulong top)
    {
        Add(top, Levels, 0);
        return _lines;
    }

    private void Add(ulong table, int level, ulong start)
    {
        for (ulong index = 0; index < Entries; index++)
        {
            ulong entry = pages.Memory.Read(new(table + sizeof(ulong) * index)).Value;
            if (entry != 0)
            {
                ulong page = start + (index << LeafEntry.OffsetBits(level));
                int frame = SwapLeaves.IsAway(entry) ? 0
                    : PhysicalPages.FrameOf(entry.IsPresent ? entry : HiddenLeaf.Shown(entry));
                _lines.Add(new()
                {
                    Level = level,
                    Index = (int)index,
                    Page = new(page),
                    Table = new(PhysicalPages.FrameOf(table)),
                    Entry = new(entry),
                    Frame = new(frame),
                    View = ViewOf(frame),
                });
                if (level > 1)
                {
                    Add(entry & EntryBits.Frame, level - 1, page);
                }
            }
        }
    }

    private FrameView ViewOf(int frame)
    {
        ref var record = ref pages.Table[frame];
        bool cached = (record.Flags & FrameFlags.Cached) != 0;
        return new()
        {
            Kind = record.Kind,
            References = record.References,
            Mappings = record.Mappings,
            Pins = record.Pins,
            Flags = record.Flags,
            Page = cached ? new(record.Owner, record.Index) : default,
        };
    }
}
