namespace PageProof.Contract.Tlb;

/// <summary>
/// The classes of moments that a run of the law of shootdowns has to reach, besides each kind of event.
/// </summary>
public enum ShootdownClass : byte
{
    /// <summary>A CPU uses a translation for which it still owes a flush.</summary>
    UsedWhilePending,
    /// <summary>A translation is filled that was read before a store took it away.</summary>
    FilledWhilePending,
    /// <summary>A walk reads an entry in a table page that nothing leads to any more.</summary>
    ReadWhileUnlinked,
    /// <summary>An access faults although the tables permit it by now.</summary>
    SpuriousFault,
    /// <summary>A walk sets D in an entry.</summary>
    MarkedDirty,
    /// <summary>A lazy CPU that owes a flush is not waited for.</summary>
    SkippedLazy,
    /// <summary>A CPU that runs another space and owes a flush is not waited for.</summary>
    SkippedAway,
    /// <summary>A CPU that was not waited for flushes before it goes on.</summary>
    CaughtUp,
    /// <summary>A PCID goes from one space to another while it may have entries.</summary>
    Recycled,
    /// <summary>A frame is taken that was given back before.</summary>
    FrameReused,
}
