using PageProof.Contract.Reclaim;

namespace PageProof.Properties.Reclaim;

/// <summary>
/// Simpler sequences than a failing one: without runs of references, then without single ones, also with fewer
/// frames; then with plainer settings, pages and masks.
/// </summary>
public static class ReplacementShrinks
{
    /// <summary>The simpler sequences, the boldest first.</summary>
    public static IEnumerable<ReplacementSequence> Of(ReplacementSequence failing) =>
        WithoutReferences(failing).Concat(Plainer(failing));

    private static IEnumerable<ReplacementSequence> WithoutReferences(ReplacementSequence failing)
    {
        var (settings, count) = (failing.Settings, failing.References.Length);
        if (settings.Frames > 1)
        {
            yield return failing with { Settings = settings with { Frames = settings.Frames / 2 } };
            yield return failing with { Settings = settings with { Frames = settings.Frames - 1 } };
        }

        for (int run = count; run >= 1; run /= 2)
        {
            for (int from = count - run; from >= 0; from -= run)
            {
                yield return failing with { References = failing.References.RemoveRange(from, run) };
            }
        }

        // A frame fewer needs a page fewer, and all that is done with it.
        foreach (var page in failing.References.Select(each => each.Page).Distinct())
        {
            var left = failing.References.RemoveAll(each => each.Page == page);
            yield return failing with { References = left };
            if (settings.Frames > 1)
            {
                yield return new(settings with { Frames = settings.Frames - 1 }, failing.Batch, left);
            }
        }

        for (int first = 0; first < count && count < 40; first++)
        {
            for (int second = first + 1; second < count; second++)
            {
                yield return failing with { References = failing.References.RemoveAt(second).RemoveAt(first) };
            }
        }
    }

    // Each is lower in some way and never higher in another, so there is an end.
    private static IEnumerable<ReplacementSequence> Plainer(ReplacementSequence failing)
    {
        var settings = failing.Settings;
        foreach (int lower in Lower(settings.Tick, 1))
        {
            yield return failing with { Settings = settings with { Tick = lower } };
        }

        foreach (int lower in Lower(settings.Window, 0))
        {
            yield return failing with { Settings = settings with { Window = lower } };
        }

        foreach (int lower in Lower(settings.Ratio, 0))
        {
            yield return failing with { Settings = settings with { Ratio = lower } };
        }

        if (failing.Batch < ReplacementSequence.ReferencesMost)
        {
            yield return failing with { Batch = ReplacementSequence.ReferencesMost };
        }

        var pages = failing.References.Select(each => each.Page).Distinct().ToList();
        if (pages.Index().Any(each => each.Item.Value != (ulong)each.Index + 1))
        {
            var renamed = failing.References.Select(each => new Reference(Renamed(each.Page), each.Mask));
            yield return failing with { References = [.. renamed] };
        }

        PageNumber Renamed(PageNumber page) => new((ulong)pages.IndexOf(page) + 1);
        for (int place = 0; place < failing.References.Length; place++)
        {
            var reference = failing.References[place];
            foreach (var mask in PlainerThan(reference.Mask))
            {
                var plainer = reference with { Mask = mask };
                yield return failing with { References = failing.References.SetItem(place, plainer) };
            }
        }
    }

    private static IEnumerable<int> Lower(int value, int least) =>
        new[] { least, value / 2, value - 1 }.Where(lower => lower >= least && lower < value).Distinct();

    // A read is plainest, and then a write alone.
    private static IEnumerable<ReferenceMask> PlainerThan(ReferenceMask mask) =>
        mask == ReferenceMask.Read ? []
        : mask == ReferenceMask.Write || !mask.HasFlag(ReferenceMask.Write) ? [ReferenceMask.Read]
        : [ReferenceMask.Read, ReferenceMask.Write];
}
