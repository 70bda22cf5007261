using PageProof.Contract.Paging;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>Group A: the arithmetic of addresses, linear and physical.</summary>
internal static class AddressTheorems
{
    private static readonly PageSize[] Sizes = [PageSize.Size4K, PageSize.Size2M, PageSize.Size1G];

    public static IEnumerable<ProofTask> All =>
    [
        PagingTasks.Theorem(
            "A1",
            "A canonical address is made of its table indices and its offset, and of nothing else.",
            Recomposed),
        PagingTasks.AtEachDepth(
            "A2",
            "An address is canonical just if adding half the canonical range leaves it within that range.",
            (scene, depth) => [Canonical(scene, depth, slack: 0)]),
        PagingTasks.Witness(
            "A2'",
            "The canonical range is one address longer than it is.",
            (scene, depth) => Canonical(scene, depth, slack: 1)),
        PagingTasks.Theorem(
            "A3",
            "Two canonical addresses on different 4-KiB pages differ in some table index.",
            Distinguished),
        PagingTasks.AtEachDepth(
            "A4",
            "A translated address keeps its offset in the page, and fits into MAXPHYADDR bits.",
            (scene, depth) => Sizes.SelectMany(size => Fits(scene, depth, size))),
        PagingTasks.Witness(
            "A4'",
            "A translated address fits into one bit less than MAXPHYADDR.",
            NarrowlyFits),
        PagingTasks.AtEachDepth(
            "A5",
            "Within a page the distance of addresses is kept, and different frames of a size never overlap.",
            (scene, depth) => Sizes.SelectMany(size => KeepsDistance(scene, depth, size))),
        PagingTasks.Witness(
            "A5'",
            "The distance of addresses is kept also from one page to another.",
            (scene, depth) => Distance(scene, depth, scene.Walk(depth), PageSize.Size4K, samePage: false)),
        PagingTasks.Theorem(
            "A7",
            "Five levels whose first and last entry lead to one PML4 translate as four levels with it.",
            scene => [FifthLevel(scene, 0, 511)]),
        PagingTasks.Witness(
            "A7'",
            "Five levels whose first and second entry lead to one PML4 translate as four levels with it.",
            (scene, _) => FifthLevel(scene, 0, 1)),
    ];

    private static IEnumerable<ProofStep> Recomposed(PagingScene scene)
    {
        foreach (var depth in scene.Depths)
        {
            var address = scene.Access.Address;
            var sum = address & 0xFFF;
            for (int level = 1; level <= depth.Levels; level++)
            {
                // An entry has eight bytes: its address in a table at 0 is eight times its index.
                sum |= scene.EntryAddress(scene.Number(0), address, level) >> 3 << 12 + 9 * (level - 1);
            }

            int width = 12 + 9 * depth.Levels;
            yield return new(
                $"recomposed.{depth.Name}",
                scene.IsCanonical(address, depth.Levels),
                sum.Bits(width - 1, 0).SignWidened(64).Is(address));
        }
    }

    private static IEnumerable<ProofStep> Distinguished(PagingScene scene)
    {
        foreach (var depth in scene.Depths)
        {
            Word one = scene.Access.Address, other = scene.AnyWord("other"), table = scene.AnyWord("table");
            var sameIndices = Enumerable.Range(1, depth.Levels)
                .Select(level => scene.EntryAddress(table, one, level).Is(scene.EntryAddress(table, other, level)))
                .Aggregate((a, b) => a & b);
            yield return new(
                $"distinguished.{depth.Name}",
                scene.IsCanonical(one, depth.Levels) & scene.IsCanonical(other, depth.Levels) & sameIndices,
                (one >> 12).Is(other >> 12));
        }
    }

    private static ProofStep Canonical(PagingScene scene, Depth depth, ulong slack)
    {
        int width = 12 + 9 * depth.Levels;
        var shifted = scene.Access.Address + (1UL << width - 1);
        return new(
            "canonical",
            scene.True,
            scene.Walk(depth).IsNotCanonical.Iff(!shifted.IsBelow((1UL << width) + slack)));
    }

    private static IEnumerable<ProofStep> Fits(PagingScene scene, Depth depth, PageSize size)
    {
        var walk = scene.Walk(depth);
        ulong offset = OffsetOf(size);
        yield return new(
            $"{size}",
            walk.Translates & walk.MapsPageOf(size),
            (walk.Address & offset).Is(scene.Access.Address & offset)
                & (walk.Address >> depth.Control.MaxPhyAddr.Widened(64)).Is(0));
        if (size == Sizes[^1])
        {
            yield return new("sizes", walk.Translates, Sizes.Select(walk.MapsPageOf).Aggregate((a, b) => a | b));
        }
    }

    private static ProofStep NarrowlyFits(PagingScene scene, Depth depth)
    {
        var walk = scene.Walk(depth);
        return new(
            "narrow",
            walk.Translates,
            (walk.Address >> (depth.Control.MaxPhyAddr.Widened(64) - scene.Number(1))).Is(0));
    }

    private static IEnumerable<ProofStep> KeepsDistance(PagingScene scene, Depth depth, PageSize size)
    {
        var walk = scene.Walk(depth);
        yield return Distance(scene, depth, walk, size, samePage: true);

        // The frame of the other page, and any place in either.
        var second = scene.Walk(scene.Memory, depth.Control, scene.Access.WithAddress(scene.AnyWord("other")));
        ulong offset = OffsetOf(size);
        Word one = walk.Address & ~offset, other = second.Address & ~offset;
        Word inOne = scene.AnyWord("place") & offset, inOther = scene.AnyWord("other.place") & offset;
        yield return new(
            $"{size}.frames",
            walk.Translates & second.Translates & walk.MapsPageOf(size) & second.MapsPageOf(size)
                & (one + inOne).Is(other + inOther),
            one.Is(other) & inOne.Is(inOther));
    }

    private static ProofStep Distance(
        PagingScene scene, Depth depth, OutcomeTerms walk, PageSize size, bool samePage)
    {
        var other = scene.AnyWord("other");
        var second = scene.Walk(scene.Memory, depth.Control, scene.Access.WithAddress(other));
        var translated = walk.Translates & second.Translates & walk.MapsPageOf(size) & second.MapsPageOf(size);
        var page = (scene.Access.Address >> (int)size).Is(other >> (int)size);
        return new(
            $"{size}",
            samePage ? walk.Translates & walk.MapsPageOf(size) & page : translated,
            (samePage ? translated : scene.True)
                & (walk.Address - second.Address).Is(scene.Access.Address - other));
    }

    // The same memory serves both walks: a PML5 that lies anywhere in it, over its own tables too.
    private static ProofStep FifthLevel(PagingScene scene, params int[] ends)
    {
        const ulong Permissive = (ulong)(EntryBit.Present | EntryBit.Writable | EntryBit.User);
        const ulong Refused = (ulong)(EntryBit.PageSize | EntryBit.Global | EntryBit.ExecuteDisable);
        var (four, five) = (scene.Depths[0], scene.Depths[1]);
        var top = scene.AnyWord("pml5.cr3");
        var control = five.Control.WithCr3(top);
        var pml4 = scene.TopTable(four.Control);
        var given = scene.IsCanonical(scene.Access.Address, four.Levels)
            & (pml4 >> scene.Control.MaxPhyAddr.Widened(64)).Is(0);
        foreach (int index in ends)
        {
            var at = scene.TopTable(control) + (ulong)index * 8;
            var entry = scene.Memory[at];
            given &= scene.Contains(at) & entry.HasNone(Refused) & (entry & Permissive).Is(Permissive)
                & scene.NextTable(entry).Is(pml4);
        }

        return new(
            "same",
            given,
            scene.Walk(four).Is(scene.Walk(scene.Memory, control, scene.Access)));
    }

    private static ulong OffsetOf(PageSize size) => (1UL << (int)size) - 1;
}
