using PageProof.Contract;
using PageProof.Contract.Frames;

namespace PageProof.Spec.Frames;

/// <summary>The counts of any one frame.</summary>
/// <param name="InUse">Whether it was given out, and not given back.</param>
/// <param name="Use">What for.</param>
/// <param name="References">All references.</param>
/// <param name="Holds">Those of who holds it.</param>
/// <param name="Mappings">Those of the entries that lead to it.</param>
/// <param name="Pins">Those of who pins it.</param>
/// <param name="Cached">Whether a cache names it, and so has one.</param>
public readonly record struct FrameCounts(
    bool InUse, FrameKind Use, uint References, uint Holds, uint Mappings, uint Pins, bool Cached);

/// <summary>What can happen to the counts of a frame.</summary>
public enum FrameEvent : byte
{
    /// <summary>It is given out.</summary>
    Allocate,
    /// <summary>It is given back.</summary>
    GiveBack,
    /// <summary>Somebody holds it.</summary>
    Hold,
    /// <summary>Somebody holds it no more.</summary>
    Release,
    /// <summary>It is mapped.</summary>
    Map,
    /// <summary>It is mapped, with the reference of a hold.</summary>
    MapFromHold,
    /// <summary>It is unmapped.</summary>
    Unmap,
    /// <summary>It is unmapped, and held with the reference of the mapping.</summary>
    UnmapToHold,
    /// <summary>It is pinned.</summary>
    Pin,
    /// <summary>It is unpinned.</summary>
    Unpin,
    /// <summary>A cache names it.</summary>
    EnterCache,
    /// <summary>The cache names it no more.</summary>
    LeaveCache,
}

/// <summary>The counts after an event, and whether it may happen.</summary>
public readonly record struct FrameCountStep(FrameCounts After, bool Permitted);

/// <summary>
/// How the counts of a frame change, one event after the other: a reference is only added to one that has
/// some, and not beyond the limit; a frame is given back when it has none.
/// Source: Linux, include/linux/page_ref.h and include/linux/mm.h, on get_page_unless_zero, try_get_page and
/// put_page_testzero.
/// </summary>
public static class FrameCountSpec
{
    /// <summary>The counts after the event, when it may happen.</summary>
    /// <param name="before">The counts before.</param>
    /// <param name="happened">The event.</param>
    /// <param name="use">Allocate: what for.</param>
    /// <param name="most">Where references stop.</param>
    [Lifted("frames.count.step")]
    public static FrameCountStep Step(in FrameCounts before, FrameEvent happened, FrameKind use, uint most)
    {
        bool room = before.References != 0 && before.References < most, shown = IsShown(before.Use);
        var added = before with { References = before.References + 1 };
        var dropped = before with { References = before.References - 1 };
        return happened switch
        {
            FrameEvent.Allocate => new(new(true, use, 1, 1, 0, 0, false), !before.InUse && most != 0),
            FrameEvent.GiveBack => new(default, before.InUse && before.References == 0),
            FrameEvent.Hold => new(added with { Holds = before.Holds + 1 }, room),
            FrameEvent.Release => new(dropped with { Holds = before.Holds - 1 }, before.Holds != 0),
            FrameEvent.Map => new(added with { Mappings = before.Mappings + 1 }, room && shown),
            FrameEvent.MapFromHold => new(
                before with { Holds = before.Holds - 1, Mappings = before.Mappings + 1 }, before.Holds != 0 && shown),
            FrameEvent.Unmap => new(dropped with { Mappings = before.Mappings - 1 }, before.Mappings != 0),
            FrameEvent.UnmapToHold => new(
                before with { Holds = before.Holds + 1, Mappings = before.Mappings - 1 }, before.Mappings != 0),
            FrameEvent.Pin => new(added with { Pins = before.Pins + 1 }, room && shown),
            FrameEvent.Unpin => new(dropped with { Pins = before.Pins - 1 }, before.Pins != 0),
            // E4: what a process alone has is never a page of a file.
            FrameEvent.EnterCache => new(
                added with { Cached = true }, room && before.Use == FrameKind.File && !before.Cached),
            FrameEvent.LeaveCache => new(dropped with { Cached = false }, before.Cached),
            _ => new(before, false),
        };
    }

    /// <summary>
    /// What holds always. E1: the references are the holds, the mappings, the pins and the cache, taken off one
    /// after the other; and not above the limit. E2: a free frame has none. E3: a frame of tables is not mapped.
    /// E4: only a page of a file is named by a cache.
    /// </summary>
    [Lifted("frames.count.invariant")]
    public static bool Invariant(in FrameCounts counts, uint most)
    {
        uint notHeld = counts.References - counts.Holds, notMapped = notHeld - counts.Mappings;
        return counts.References <= most
            && counts.Holds <= counts.References && counts.Mappings <= notHeld && counts.Pins <= notMapped
            && notMapped - counts.Pins == (counts.Cached ? 1u : 0)
            && (counts.InUse || counts.References == 0)
            && ((counts.Mappings | counts.Pins) == 0 || IsShown(counts.Use))
            && (!counts.Cached || counts.Use == FrameKind.File);
    }

    /// <summary>What processes can be let see.</summary>
    public static bool IsShown(FrameKind use) => use is FrameKind.Anonymous or FrameKind.File;
}
