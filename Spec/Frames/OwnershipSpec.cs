using PageProof.Contract.Frames;

namespace PageProof.Spec.Frames;

/// <summary>
/// What is known of every frame, counted anew. E1: the references are the mappings, the pins, the cache and
/// the holds. E2: a free frame has no reference, is mapped nowhere, and nothing is noted of it. E4: a frame
/// has one use. The entries of the page tables and the ways back from the frames are the same mappings.
/// Source: Linux, include/linux/mm_types.h on struct page; Documentation/mm/page_table_check.rst for E4.
/// </summary>
public static class OwnershipSpec
{
    /// <summary>The first thing that is not as it has to be, or null.</summary>
    public static string? Refusal(FrameState state, FramesShown shown)
    {
        int first = state.Start.Frames.First.Value;
        var expected = Expected(state);
        for (int place = 0; place < expected.Length; place++)
        {
            var (view, right) = (shown.Frames[place], expected[place].View);
            if (view != right with { Content = expected[place].Content ?? view.Content })
            {
                return $"frame {first + place} is known as {right}, not as {view}";
            }
        }

        var all = state.Blocks.SelectMany(
            block => block.Places.Select(place => (block.Use, Mapped: new MappedFrame(place, block.First)))).ToList();
        var counted = all.Where(each => each.Use != FrameKind.Zero);
        return !AreSame(shown.Entries, all.Select(each => each.Mapped)) ? "a page table leads elsewhere"
            : !AreSame(shown.Chains, counted.Select(each => each.Mapped)) ? "a frame knows other mappings than it has"
            : null;
    }

    private static bool AreSame(IEnumerable<MappedFrame> some, IEnumerable<MappedFrame> others) =>
        Ordered(some).SequenceEqual(Ordered(others));

    private static IEnumerable<MappedFrame> Ordered(IEnumerable<MappedFrame> all) => all
        .OrderBy(each => each.Frame.Value).ThenBy(each => each.Place.Space).ThenBy(each => each.Place.Page);

    // What is to be known of each frame. Inner frames of blocks are tails, in use or free.
    private static (FrameView View, uint? Content)[] Expected(FrameState state)
    {
        int first = state.Start.Frames.First.Value;
        var views = new (FrameView View, uint? Content)[state.Taken.Length];
        foreach (var range in state.Start.Reserved)
        {
            views.AsSpan(range.First.Value - first, range.Count).Fill((new() { Kind = FrameKind.Reserved }, null));
        }

        foreach (var block in state.Free.Blocks)
        {
            views[block.First.Value - first].View = new() { Kind = FrameKind.Free, Order = block.Order };
        }

        foreach (var frame in state.Free.Kept.SelectMany(frames => frames))
        {
            views[frame.Value - first].View = new() { Kind = FrameKind.InCpuCache };
        }

        foreach (var block in state.Blocks)
        {
            views[block.First.Value - first] = (ViewOf(block), block.Content);
        }

        return views;
    }

    private static FrameView ViewOf(FrameBlock block) => new()
    {
        Kind = block.Use,
        Order = block.Order,
        References = block.Use == FrameKind.Zero ? 1 : block.References,
        Mappings = block.Use == FrameKind.Zero ? 0 : block.Places.Length,
        Pins = block.Pins,
        Flags = block.Flags | (block.Page is null ? FrameFlags.None : FrameFlags.Cached),
        Page = block.Page ?? default,
    };
}
