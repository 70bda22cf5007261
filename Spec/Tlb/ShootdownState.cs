using PageProof.Contract.Tlb;

namespace PageProof.Spec.Tlb;

/// <summary>
/// The shootdown of one page of one address space, seen through one table page on its way and one
/// translation that it ever had. Both are any: what holds for each choice holds for all of them. Masks are
/// of CPUs.
/// </summary>
/// <param name="Watched">The translation.</param>
/// <param name="Given">What a walk from the top finds for the page now.</param>
/// <param name="Entry">What a walk finds that is already in the table page.</param>
/// <param name="Linked">A walk from the top comes through the table page; so both find the same.</param>
/// <param name="FrameFree">The frame of the translation was given back, and may belong to anyone.</param>
/// <param name="TableFree">The table page was given back.</param>
/// <param name="Loaded">CR3 leads to these tables: the CPU may walk them, unasked too.</param>
/// <param name="Active">Of those, who may access user addresses; the others are lazy.</param>
/// <param name="Cached">May hold the translation in a TLB.</param>
/// <param name="Walks">Has a walk in progress that has read it.</param>
/// <param name="Upper">May hold a partial walk that leads to the table page, or be in one.</param>
/// <param name="Pending">Owes a flush: what it holds may not be what the tables give.</param>
/// <param name="Skipped">Of those, whom nobody waits for, since it flushes before it is active again.</param>
/// <param name="Asked">Was sent an interrupt since the store for which it owes the flush.</param>
/// <param name="Sent">An interrupt for this page is on its way.</param>
/// <param name="Delivered">Is in the handler of the interrupt.</param>
/// <param name="Flushed">Of those, who has flushed the page in it.</param>
public readonly record struct ShootdownState(
    Mapping Watched,
    Mapping Given,
    Mapping Entry,
    bool Linked,
    bool FrameFree,
    bool TableFree,
    CpuMask Loaded,
    CpuMask Active,
    CpuMask Cached,
    CpuMask Walks,
    CpuMask Upper,
    CpuMask Pending,
    CpuMask Skipped,
    CpuMask Asked,
    CpuMask Sent,
    CpuMask Delivered,
    CpuMask Flushed)
{
    /// <summary>Who may hold the translation, cached or in a walk.</summary>
    public CpuMask Held => Cached | Walks;
}

/// <summary>What can happen to a page. Which CPU does it matters where a CPU is named.</summary>
public enum ShootdownEventKind : byte
{
    /// <summary>Software stores to the tables.</summary>
    Store,
    /// <summary>A walk sets D in the entry that it has read.</summary>
    Mark,
    /// <summary>A walk of the CPU reads the translation.</summary>
    Read,
    /// <summary>The translation that a walk has read enters the TLB of the CPU.</summary>
    Fill,
    /// <summary>The CPU makes a user access through the translation.</summary>
    Use,
    /// <summary>The CPU drops the page, its partial walks and its walks in progress.</summary>
    FlushPage,
    /// <summary>The CPU drops partial walks, and this page perhaps not: INVLPG of another page.</summary>
    FlushTables,
    /// <summary>An interrupt that asks the CPU to flush the page is sent.</summary>
    Send,
    /// <summary>It arrives.</summary>
    Deliver,
    /// <summary>The CPU says that it has flushed.</summary>
    Acknowledge,
    /// <summary>Software waits no longer for the CPU, which is not active.</summary>
    Skip,
    /// <summary>Software takes the shootdown of the page to be over.</summary>
    Complete,
    /// <summary>Software takes the page to be clean.</summary>
    TakeClean,
    /// <summary>The frame is given back.</summary>
    ReleaseFrame,
    /// <summary>The table page is given back.</summary>
    ReleaseTable,
    /// <summary>CR3 of the CPU comes to lead to these tables.</summary>
    Load,
    /// <summary>The CPU may access user addresses from now on.</summary>
    Enter,
    /// <summary>It may not any more: it goes lazy.</summary>
    Leave,
    /// <summary>CR3 leads elsewhere.</summary>
    Unload,
}

/// <summary>One event. What does not belong to its kind is zero.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Cpu">Whose event it is, or to whom it is sent.</param>
/// <param name="Given">Store, mark: what a walk from the top finds afterwards.</param>
/// <param name="Entry">Store, mark: what a walk in the table page finds afterwards.</param>
/// <param name="Linked">Store, mark: whether the table page is on the way afterwards.</param>
public readonly record struct ShootdownEvent(
    ShootdownEventKind Kind, CpuNumber Cpu, Mapping Given, Mapping Entry, bool Linked);

/// <summary>Why an event must not happen.</summary>
public enum ShootdownRefusal : byte
{
    /// <summary>It may.</summary>
    None,
    /// <summary>There is no such event.</summary>
    NoEvent,
    /// <summary>The table page is on the way, and yet the walks do not find the same.</summary>
    TwoWays,
    /// <summary>Size or memory type changes while a CPU may hold the old translation.</summary>
    FormChangedBeforeFlush,
    /// <summary>A walk changes more than D, or an entry that is not present.</summary>
    MarkChangesMore,
    /// <summary>A CPU walks tables that are not its own.</summary>
    NotLoaded,
    /// <summary>A walk reads what neither the tables give nor a kept partial walk leads to.</summary>
    ReadsWhatIsNotThere,
    /// <summary>A walk goes through a table page that was given back.</summary>
    WalksFreedTable,
    /// <summary>A translation enters a TLB which no walk has read since the last flush.</summary>
    FilledAfterFlush,
    /// <summary>A translation is used that the CPU cannot have.</summary>
    UsesWhatIsNotCached,
    /// <summary>A user access of a CPU that is not active.</summary>
    NotActive,
    /// <summary>An access to a frame that was given back.</summary>
    UsesFreedFrame,
    /// <summary>An interrupt arrives that was not sent, or within its own handler.</summary>
    NotSent,
    /// <summary>An interrupt is acknowledged that has not arrived.</summary>
    NotDelivered,
    /// <summary>An interrupt is acknowledged before the flush for which it was sent.</summary>
    AcknowledgedBeforeFlush,
    /// <summary>An active CPU is not waited for.</summary>
    SkipsActive,
    /// <summary>A CPU that is waited for still owes its flush.</summary>
    StillPending,
    /// <summary>D is set in the tables.</summary>
    StillDirty,
    /// <summary>The tables still map the frame.</summary>
    StillMapped,
    /// <summary>The table page is still on the way.</summary>
    StillLinked,
    /// <summary>A CPU that was skipped does not flush before it goes on.</summary>
    NotCaughtUp,
}
