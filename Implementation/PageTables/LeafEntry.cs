using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.PageTables;

/// <summary>
/// Leaves as words: mappings to and from them, and when a cached one may outlive its change. A leaf of
/// level 1 maps 4 KiB, of level 2 2 MiB, of level 3 1 GiB.
/// </summary>
public static class LeafEntry
{
    /// <summary>The bits of a leaf that are rights.</summary>
    public const ulong RightsMask = EntryBits.Writable | EntryBits.User | EntryBits.ExecuteDisable;
    private const ulong KeyMask = 15UL << EntryBits.KeyShift;

    /// <summary>How many low bits of an address a page of this level keeps.</summary>
    public static int OffsetBits(int level) => 12 + 9 * (level - 1);

    /// <summary>The level of the leaf of a page of this size; 0 for a size that there is not.</summary>
    public static int LevelOf(PageSize size) => size switch
    {
        PageSize.Size4K => 1,
        PageSize.Size2M => 2,
        PageSize.Size1G => 3,
        _ => 0,
    };

    /// <summary>The bits of rights in a leaf.</summary>
    public static ulong BitsOf(PageRights rights) =>
        (ulong)(rights & (PageRights.Write | PageRights.User)) << EntryBits.WritableShift
        | ((rights & PageRights.Execute) == 0 ? EntryBits.ExecuteDisable : 0);

    /// <summary>The leaf that says this; 0 when none does.</summary>
    public static ulong Encode(in PageMapping mapping)
    {
        int level = LevelOf(mapping.Size);
        ulong offset = (1UL << OffsetBits(level)) - 1;
        if (level == 0 || (mapping.Frame.Value & (offset | ~EntryBits.Frame)) != 0
            || mapping.Caching > 7 || mapping.Key.Value > 15
            || (mapping.Rights & PageRights.ShadowStack) != 0)
        {
            return 0;
        }

        ulong pat = (ulong)mapping.Caching >> 2;
        return EntryBits.Present | mapping.Frame.Value | BitsOf(mapping.Rights)
            | (mapping.Caching & 3UL) << EntryBits.CachingShift
            | (level == 1 ? pat << EntryBits.SmallPatShift : pat << EntryBits.LargePatShift | EntryBits.PageSize)
            | (ulong)mapping.Key.Value << EntryBits.KeyShift
            | (mapping.Global ? EntryBits.Global : 0)
            | (mapping.Accessed ? EntryBits.Accessed : 0)
            | (mapping.Dirty ? EntryBits.Dirty : 0);
    }

    /// <summary>What a leaf of this level says.</summary>
    public static PageMapping Decode(ulong leaf, int level) => new()
    {
        Frame = new(FrameOf(leaf, level)),
        Size = (PageSize)OffsetBits(level),
        Rights = (PageRights)(leaf >> EntryBits.WritableShift & 3)
            | ((leaf & EntryBits.ExecuteDisable) == 0 ? PageRights.Execute : 0),
        Caching = (byte)(leaf >> EntryBits.CachingShift & 3
            | (leaf >> (level == 1 ? EntryBits.SmallPatShift : EntryBits.LargePatShift) & 1) << 2),
        Key = new((byte)((leaf & KeyMask) >> EntryBits.KeyShift)),
        Global = (leaf & EntryBits.Global) != 0,
        Accessed = (leaf & EntryBits.Accessed) != 0,
        Dirty = (leaf & EntryBits.Dirty) != 0,
    };

    /// <summary>The address in memory of the page that a leaf of this level maps.</summary>
    public static ulong FrameOf(ulong leaf, int level) => leaf & EntryBits.Frame & ulong.MaxValue << OffsetBits(level);

    /// <summary>
    /// Whether a present leaf that has become another may stay cached: it permits nothing more, so that it
    /// can only fault once too often, and a write through it leaves no page clean. U/S must be the same:
    /// SMEP and SMAP permit a supervisor less when it is set. A counts for nothing, and G may be gained.
    /// </summary>
    [Lifted("pagetables.elidable")]
    public static bool MayStayCached(ulong stale, ulong now)
    {
        ulong same = ~(EntryBits.Writable | EntryBits.ExecuteDisable | EntryBits.Global
            | EntryBits.Accessed | EntryBits.Dirty);
        ulong lost = stale & ~now & (EntryBits.Writable | EntryBits.Global | EntryBits.Dirty)
            | now & ~stale & EntryBits.ExecuteDisable;
        return ((stale ^ now) & same) == 0 && lost == 0;
    }

    extension(ulong entry)
    {
        /// <summary>Whether an entry of this level leads to a table.</summary>
        public bool IsTable(int level) => entry.IsPresent && level > 1 && (level > 3 || !entry.IsLargePage);
    }
}
