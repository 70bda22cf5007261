using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>The number of an address space of a machine, from 0.</summary>
public readonly record struct SpaceNumber(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"space {Value}";
}

/// <summary>What a machine of several CPUs does, step by step.</summary>
public enum TlbEventKind : byte
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>Software changes an entry of a table, or fills in one that no walk can reach.</summary>
    TableStore,
    /// <summary>A walk sets A or D in an entry.</summary>
    TableMark,
    /// <summary>A walk reads an entry.</summary>
    TableRead,
    /// <summary>The translation that a walk has found enters the TLB.</summary>
    Fill,
    /// <summary>A user access goes through a translation, to the data.</summary>
    Use,
    /// <summary>A user access ends in a page fault.</summary>
    Fault,
    /// <summary>INVLPG.</summary>
    FlushPage,
    /// <summary>Everything under a PCID is dropped: INVPCID, or MOV to CR3 without bit 63.</summary>
    FlushPcid,
    /// <summary>An interrupt is sent that asks for a flush.</summary>
    Send,
    /// <summary>It arrives.</summary>
    Deliver,
    /// <summary>It is acknowledged.</summary>
    Acknowledge,
    /// <summary>A shootdown does not wait for a CPU.</summary>
    Skip,
    /// <summary>A shootdown is over for its initiator.</summary>
    Complete,
    /// <summary>A page is taken to be clean, after what it held was saved.</summary>
    TakeClean,
    /// <summary>A frame is taken for a page, and cleared.</summary>
    TakeFrame,
    /// <summary>The frame of a page is given back.</summary>
    ReleaseFrame,
    /// <summary>A table page is given back.</summary>
    ReleaseTable,
    /// <summary>A shootdown is counted.</summary>
    Advance,
    /// <summary>A CPU says that shootdowns are to interrupt it.</summary>
    Announce,
    /// <summary>It reads the generation of the space.</summary>
    Check,
    /// <summary>It makes a generation its own.</summary>
    Record,
    /// <summary>It says that shootdowns need not interrupt it.</summary>
    Withdraw,
    /// <summary>A PCID of a CPU is given to an address space.</summary>
    AssignPcid,
    /// <summary>CR3 of a CPU comes to lead to the tables of a space.</summary>
    Load,
    /// <summary>User accesses begin.</summary>
    Enter,
    /// <summary>User accesses end.</summary>
    Leave,
    /// <summary>CR3 leads elsewhere.</summary>
    Unload,
}

/// <summary>One step of a machine. What does not belong to its kind is zero.</summary>
public readonly record struct TlbEvent
{
    /// <summary>What happens.</summary>
    public TlbEventKind Kind { get; init; }

    /// <summary>Which CPU does it.</summary>
    public CpuNumber Cpu { get; init; }

    /// <summary>Send, skip: which CPU it is about.</summary>
    public CpuNumber Target { get; init; }

    /// <summary>The address space.</summary>
    public SpaceNumber Space { get; init; }

    /// <summary>The linear address; of a range, the first.</summary>
    public LinearAddress Address { get; init; }

    /// <summary>Interrupts, complete: the last address of the range.</summary>
    public LinearAddress Last { get; init; }

    /// <summary>The entry, the frame, or the table page.</summary>
    public PhysicalAddress Physical { get; init; }

    /// <summary>Table store and mark: what the entry held.</summary>
    public PagingEntry Old { get; init; }

    /// <summary>Table store and mark: what it holds; read: what was read.</summary>
    public PagingEntry New { get; init; }

    /// <summary>Fill, use, fault: how the access ended.</summary>
    public TranslationOutcome Outcome { get; init; }

    /// <summary>Use, fault: what the access does.</summary>
    public AccessKind Access { get; init; }

    /// <summary>Use: the word that was loaded or stored. Generations and PCIDs: the number.</summary>
    public ulong Number { get; init; }
}

/// <summary>
/// Whoever is told what a machine does. Told at once, before anything else happens, so that memory is
/// as the event has left it.
/// </summary>
public interface IObserve
{
    /// <summary>The event has just happened.</summary>
    void Observe(in TlbEvent happened);
}

/// <summary>A translation that a TLB holds, as an audit finds it.</summary>
/// <param name="Pcid">The PCID under which it is found.</param>
/// <param name="Page">The first address of the page.</param>
/// <param name="Outcome">How an access to that address ends by it.</param>
public readonly record struct CachedPage(Pcid Pcid, LinearAddress Page, TranslationOutcome Outcome);

/// <summary>What an audit may see of a machine, between two steps.</summary>
public interface IInspect
{
    /// <summary>The top table of a space.</summary>
    PhysicalAddress TopOf(SpaceNumber space);

    /// <summary>A quadword of memory.</summary>
    PagingEntry Read(PhysicalAddress address);

    /// <summary>Adds what the TLBs of a CPU hold, in all their parts.</summary>
    void ListCached(CpuNumber cpu, ICollection<CachedPage> cached);

    /// <summary>
    /// A hash of memory, TLBs, and all that the programs have read so far: two moments of one start with
    /// the same hash go on alike. Zero when the machine does not tell.
    /// </summary>
    ulong StateHash { get; }
}
