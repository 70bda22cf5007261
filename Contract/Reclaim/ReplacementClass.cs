namespace PageProof.Contract.Reclaim;

/// <summary>
/// The classes of references that a run of the laws of page replacement has to reach, besides each outcome of
/// each policy: what only some policies do, and strings that are hard for them.
/// </summary>
public enum ReplacementClass : byte
{
    /// <summary>Memory has one frame, and a page is replaced.</summary>
    OneFrame,
    /// <summary>Memory has two frames, and a page is replaced.</summary>
    TwoFrames,
    /// <summary>A page is written that was clean in memory.</summary>
    FirstWrite,
    /// <summary>A page comes back that was written back before.</summary>
    ComesBack,
    /// <summary>OPT: several pages are never used again.</summary>
    SeveralAreDead,
    /// <summary>Clock: the hand passes pages that were referenced.</summary>
    HandPasses,
    /// <summary>Clock: the hand goes all around, since all were referenced.</summary>
    HandGoesAround,
    /// <summary>NRU: the victim was neither referenced nor written.</summary>
    NruClassZero,
    /// <summary>NRU: the victim was written, and not referenced since.</summary>
    NruClassOne,
    /// <summary>NRU: the victim was referenced, and not written.</summary>
    NruClassTwo,
    /// <summary>NRU: the victim was referenced and written.</summary>
    NruClassThree,
    /// <summary>Aging: one page has the lowest counter.</summary>
    AgingOneLowest,
    /// <summary>Aging: several pages have it.</summary>
    AgingTie,
    /// <summary>Aging: all pages were referenced since the last tick.</summary>
    AgingAllReferenced,
    /// <summary>WSClock: a clean page has left the working set.</summary>
    LeftWorkingSet,
    /// <summary>WSClock: dirty pages are cleaned on the way to a clean one.</summary>
    CleanedOnTheWay,
    /// <summary>WSClock: all old pages are dirty, and the first to be cleaned goes.</summary>
    GoesAfterCleaning,
    /// <summary>WSClock: all pages are in the working set, and a clean one goes.</summary>
    CleanInWorkingSet,
    /// <summary>WSClock: all pages are in the working set, and dirty.</summary>
    AllDirtyInWorkingSet,
    /// <summary>Two lists: the tail of the inactive list goes.</summary>
    Evicted,
    /// <summary>Two lists: a cold page was used, and becomes cool.</summary>
    ColdToCool,
    /// <summary>Two lists: a cool page was not used, and becomes cold.</summary>
    CoolToCold,
    /// <summary>Two lists: a cool page was used again, and is activated.</summary>
    Activated,
    /// <summary>Two lists: a warm page was used, and becomes hot.</summary>
    WarmToHot,
    /// <summary>Two lists: a hot page was used again, and stays hot.</summary>
    StaysHot,
    /// <summary>Two lists: a hot page was not used, and becomes warm.</summary>
    HotToWarm,
    /// <summary>Two lists: a warm page was not used, and is deactivated.</summary>
    Deactivated,
}
