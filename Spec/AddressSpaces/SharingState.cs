using PageProof.Contract.Frames;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// One frame, as copy-on-write sees it, and any one process that is watched. Both are any: what holds for each choice
/// holds for all. Entries are counted, those of private areas apart from those of shared ones.
/// </summary>
/// <param name="Kind">Free, anonymous, a page of an object (file), or the zeros.</param>
/// <param name="Shared">How many entries of shared areas lead to it.</param>
/// <param name="Private">How many entries of private areas lead to it.</param>
/// <param name="Writable">How many of those a store may go through.</param>
/// <param name="Pins">How many devices read or write it behind the tables.</param>
/// <param name="Lent">References, such as of pipes, that were taken while the page was its process's own.</param>
/// <param name="Held">References that were taken while others had the page too.</param>
/// <param name="Cached">A cache names it as the page of an object.</param>
/// <param name="Exclusive">It is an anonymous page of one process alone.</param>
/// <param name="Dirty">D is set in an entry of a private area.</param>
/// <param name="Watched">One of the private entries is that of the process which is watched.</param>
/// <param name="Content">What it holds.</param>
public readonly record struct SharingState(
    FrameKind Kind,
    uint Shared,
    uint Private,
    uint Writable,
    uint Pins,
    uint Lent,
    uint Held,
    bool Cached,
    bool Exclusive,
    bool Dirty,
    bool Watched,
    ulong Content)
{
    /// <summary>How many refer to it.</summary>
    public bool IsReferred => (Shared | Private | Pins | Lent | Held) != 0 || Cached;

    /// <summary>Nobody but one private entry refers to it.</summary>
    public bool IsSole => Private == 1 && (Shared | Pins | Lent | Held) == 0 && !Cached;
}

/// <summary>What can happen to a frame. Entries are those of private areas, where nothing else is said.</summary>
public enum SharingEventKind : byte
{
    /// <summary>It is given out for an anonymous page, with a content that one process will see.</summary>
    Take,
    /// <summary>It becomes the page of an object.</summary>
    Bring,
    /// <summary>A cache names it no more.</summary>
    LeaveCache,
    /// <summary>It is given back.</summary>
    Free,
    /// <summary>An entry comes to lead to it.</summary>
    Map,
    /// <summary>A fork makes the twin of an entry.</summary>
    Fork,
    /// <summary>An entry may be written no more.</summary>
    Protect,
    /// <summary>A store is to go through an entry that did not permit it: the page may be used as it is.</summary>
    Reuse,
    /// <summary>An entry leads elsewhere from now on, since the store got a copy of the page.</summary>
    Break,
    /// <summary>An entry is emptied.</summary>
    Unmap,
    /// <summary>An entry of a shared area comes to lead to it.</summary>
    MapShared,
    /// <summary>An entry of a shared area is emptied.</summary>
    UnmapShared,
    /// <summary>A device, or another on its behalf, will read or write it behind the tables.</summary>
    Pin,
    /// <summary>It is done.</summary>
    Unpin,
    /// <summary>Somebody else, such as a pipe, refers to it.</summary>
    Hold,
    /// <summary>It refers to it no more.</summary>
    Release,
    /// <summary>A store of a process goes through a private entry.</summary>
    Store,
    /// <summary>A store through a shared entry, or a call that writes to the object.</summary>
    Write,
    /// <summary>A write by force, whatever the entry permits, to a private page.</summary>
    Force,
    /// <summary>Who has pinned it writes.</summary>
    DeviceWrite,
}

/// <summary>One event. What does not belong to its kind is zero.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="OfWatched">It is done by an entry of the process that is watched, or to one.</param>
/// <param name="Writable">
/// Map, reuse: a store may go through the entry afterwards; unmap: it could before. Release: of what was lent.
/// </param>
/// <param name="Dirty">Map, reuse: the entry has D.</param>
/// <param name="Content">Take, bring and all that writes: what the frame holds then.</param>
public readonly record struct SharingEvent(
    SharingEventKind Kind, bool OfWatched, bool Writable, bool Dirty, ulong Content);

/// <summary>Why an event must not happen.</summary>
public enum SharingRefusal : byte
{
    /// <summary>It may.</summary>
    None,
    /// <summary>There is no such entry, reference or event.</summary>
    NotThere,
    /// <summary>The frame is in use.</summary>
    InUse,
    /// <summary>A count is at its end.</summary>
    TooMany,
    /// <summary>Others would see what is stored.</summary>
    OthersSee,
    /// <summary>Who has pinned the page would have another one than its process.</summary>
    Pinned,
    /// <summary>The page is its process's own, and a copy of it would leave others with the old one.</summary>
    AlreadyOwn,
    /// <summary>A private store would change an object.</summary>
    OfObject,
    /// <summary>The zeros are never written, marked, pinned or given back.</summary>
    OfZeros,
}

/// <summary>What comes of an event: the state after it, when it may happen.</summary>
public readonly record struct SharingStep(SharingState State, SharingRefusal Refusal);
