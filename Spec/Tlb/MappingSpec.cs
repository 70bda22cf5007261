using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Spec.Tlb;

/// <summary>What a walk finds for one page: nothing, or a translation without A.</summary>
/// <param name="Present">There is a translation; if not, the rest says nothing.</param>
/// <param name="Frame">The first address of the frame.</param>
/// <param name="Size">The size of the page.</param>
/// <param name="Type">How its memory is cached.</param>
/// <param name="Rights">What all entries together permit.</param>
/// <param name="Dirty">D of the leaf.</param>
public readonly record struct Mapping(
    bool Present, PhysicalAddress Frame, PageSize Size, MemoryType Type, PageRights Rights, bool Dirty);

/// <summary>
/// When a translation that was cached may be used although the tables give another one.
/// Source: Intel SDM vol. 3A, 4.10.4.3 (when invalidation may be left out).
/// </summary>
public static class MappingSpec
{
    /// <summary>Whether the two are the same in every part.</summary>
    [Lifted("shootdown.same")]
    public static bool Same(in Mapping one, in Mapping other) =>
        one.Present == other.Present && one.Frame.Value == other.Frame.Value && HaveOneForm(one, other)
        && one.Rights == other.Rights && one.Dirty == other.Dirty;

    /// <summary>Whether the two have one size and one memory type.</summary>
    [Lifted("shootdown.haveOneForm")]
    public static bool HaveOneForm(in Mapping one, in Mapping other) =>
        one.Size == other.Size && one.Type == other.Type;

    /// <summary>
    /// Whether whoever still uses <paramref name="cached"/> does nothing that <paramref name="now"/> would
    /// not permit: it comes to the same frame in the same way, with no right that was taken away, and
    /// it leaves no write unmarked. What it lacks of the new rights costs one fault at most, which
    /// drops it.
    /// </summary>
    [Lifted("shootdown.agrees")]
    public static bool Agrees(in Mapping cached, in Mapping now) =>
        cached.Present && now.Present && cached.Frame.Value == now.Frame.Value && HaveOneForm(cached, now)
        && (cached.Rights & ~now.Rights) == PageRights.None
        && (!cached.Dirty || now.Dirty);

    /// <summary>
    /// Whether a flush is owed when the tables give <paramref name="after"/> instead of
    /// <paramref name="before"/>. An absent entry is never cached, so to fill it in needs none.
    /// </summary>
    [Lifted("shootdown.needsFlush")]
    public static bool NeedsFlush(in Mapping before, in Mapping after) => before.Present && !Agrees(before, after);

    /// <summary>Whether the page is mapped to the frame of another mapping.</summary>
    [Lifted("shootdown.mapsFrameOf")]
    public static bool MapsFrameOf(in Mapping mapping, in Mapping other) =>
        mapping.Present && mapping.Frame.Value == other.Frame.Value;
}
