using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>An entry in the letters of the manual.</summary>
public static class EntryText
{
    private static readonly (EntryBit Bit, string Name)[] Names =
    [
        (EntryBit.Present, "P"), (EntryBit.Writable, "R/W"), (EntryBit.User, "U/S"),
        (EntryBit.WriteThrough, "PWT"), (EntryBit.CacheDisable, "PCD"), (EntryBit.Accessed, "A"),
        (EntryBit.Dirty, "D"), (EntryBit.Global, "G"), (EntryBit.ExecuteDisable, "XD"),
    ];

    /// <summary>The frame or next table, then the bits that are set.</summary>
    public static string Of(PagingEntry entry, int level)
    {
        if (!EntryFormat.Has(entry, EntryBit.Present))
        {
            return $"{entry} not present";
        }

        bool leaf = EntryFormat.IsLeaf(entry, level);
        var bits = Names.Where(name => EntryFormat.Has(entry, name.Bit)).Select(name => name.Name).ToList();
        if (EntryFormat.Has(entry, EntryBit.PageSize))
        {
            bits.Add(level == 1 ? "PAT" : "PS");
        }

        ulong low = leaf ? (1UL << EntryFormat.OffsetBits(level)) - 1 : 0xFFF;
        ulong address = entry.Value & 0x000F_FFFF_FFFF_FFFF & ~low;
        return $"{entry} {(leaf ? "frame" : "table")} 0x{address:x} {string.Join(' ', bits)}";
    }
}
