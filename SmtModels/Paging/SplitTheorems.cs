using PageProof.Contract.Paging;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>B7 and B8: a large page is 512 pages of the next size, and back.</summary>
internal static class SplitTheorems
{
    private const ulong Permissive = (ulong)(EntryBit.Present | EntryBit.Writable | EntryBit.User);
    private const int PatMove = 12 - 7;

    public static IEnumerable<ProofTask> All =>
    [
        PagingTasks.AtEachDepth(
            "B7",
            "A 2-MiB page is 512 pages of 4 KiB with its flags, PAT moved from bit 12 to 7: same end everywhere.",
            (scene, depth) => [Split(scene, depth, 2, SmallOf)]),
        PagingTasks.Witness(
            "B7'",
            "A 2-MiB page is 512 pages of 4 KiB with its flags but PAT, which is left at bit 12.",
            (scene, depth) => Split(scene, depth, 2, (leaf, place) =>
                SmallOf(leaf & ~(ulong)EntryBit.PatOfLargePage, place))),
        PagingTasks.AtEachDepth(
            "B8",
            "A 1-GiB page is 512 pages of 2 MiB; 512 pages that agree, A and D aside, are one of the next size.",
            (scene, depth) =>
            [
                Split(scene, depth, 3, (leaf, place) => leaf | place),
                Collapse(scene, depth, 3, leaf => leaf & ~Between(21, 29)),
                Collapse(scene, depth, 2, LargeOf),
            ]),
        PagingTasks.Witness(
            "B8'",
            "512 pages of 2 MiB that agree, but lie in any order, are one of 1 GiB.",
            (scene, depth) => Collapse(scene, depth, 3, leaf => leaf & ~Between(21, 29), inOrder: false)),
    ];

    // The leaf of the level is replaced by a table, which lies where the walk reads nothing else.
    private static ProofStep Split(PagingScene scene, Depth depth, int level, Func<Word, Word, Word> smaller)
    {
        var path = scene.Path(depth);
        var leaf = path.Entry(level);
        int bits = OffsetBits(level), partBits = OffsetBits(level - 1);
        var table = scene.AnyWord("table") & PagingScene.Frame;
        var at = scene.EntryAddress(table, scene.Access.Address, level - 1);
        var isLeaf = path.IsRead(level) & leaf.HasAny((ulong)EntryBit.Present) & scene.IsLeaf(leaf, level)
            & leaf.HasNone(Between(13, bits - 1))
            & (level == 3 ? depth.Control.HasGigabytePages : scene.True);
        var isTableFree = scene.Contains(at) & (table >> depth.Control.MaxPhyAddr.Widened(64)).Is(0)
            & !at.Is(path.Address(level)) & IsApart(path, level, at) & IsApart(path, level, path.Address(level));
        var place = scene.Access.Address & Between(partBits, bits - 1);
        var split = scene.Memory
            .With(path.Address(level), table | Permissive)
            .With(at, smaller(leaf, place));
        return new(
            "split",
            isLeaf & isTableFree,
            scene.Walk(depth).IsButForSize(scene.Walk(split, depth.Control, scene.Access)));
    }

    // The table of the level, permissive itself, is replaced by one leaf made of the entry in it.
    private static ProofStep Collapse(
        PagingScene scene, Depth depth, int level, Func<Word, Word> larger, bool inOrder = true)
    {
        var path = scene.Path(depth);
        Word table = path.Entry(level), leaf = path.Entry(level - 1);
        var places = Between(OffsetBits(level - 1), OffsetBits(level) - 1);
        var isTable = path.IsRead(level - 1) & (table & Permissive).Is(Permissive)
            & table.HasNone((ulong)EntryBit.ExecuteDisable) & IsApart(path, level, path.Address(level))
            & (level == 3 ? depth.Control.HasGigabytePages : scene.True);
        var agree = scene.IsLeaf(leaf, level - 1)
            & (inOrder ? (leaf & places).Is(scene.Access.Address & places) : scene.True);

        // A and D of the others are added; under CET, D would make another kind of page.
        var added = scene.AnyWord("marks") & (ulong)(EntryBit.Accessed | EntryBit.Dirty);
        var sameKind = (!depth.Control.Has(Cr4.ControlFlowEnforcement)) | leaf.HasAny((ulong)EntryBit.Dirty)
            | added.HasNone((ulong)EntryBit.Dirty);
        var walk = scene.Walk(depth);
        var collapsed = scene.Walk(
            scene.Memory.With(path.Address(level), larger(leaf) | added), depth.Control, scene.Access);
        return new(
            $"collapse to {(level == 3 ? PageSize.Size1G : PageSize.Size2M)}",
            isTable & agree & sameKind,
            collapsed.EndsAs(walk) & collapsed.Global.Is(walk.Global) & collapsed.Type.Is(walk.Type)
                & (collapsed.Dirty.Is(walk.Dirty) | !collapsed.Dirty.Is(0)));
    }

    private static Fact IsApart(WalkPath path, int level, Word address) =>
        path.All(above => above > level ? !address.Is(path.Address(above)) : address.Is(address));

    private static Word SmallOf(Word leaf, Word place)
    {
        const ulong Moved = (ulong)(EntryBit.PageSize | EntryBit.PatOfLargePage);
        return (leaf & ~Moved) | (leaf & (ulong)EntryBit.PatOfLargePage) >> PatMove | place;
    }

    private static Word LargeOf(Word leaf) =>
        (leaf & ~(Between(12, 20) | (ulong)EntryBit.PatOfSmallPage))
            | (leaf & (ulong)EntryBit.PatOfSmallPage) << PatMove | (ulong)EntryBit.PageSize;

    private static int OffsetBits(int level) => 12 + 9 * (level - 1);

    private static ulong Between(int low, int high) => (2UL << high) - (1UL << low);
}
