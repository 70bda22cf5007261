using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>Events, pages and refusals for people.</summary>
internal static class ShootdownStory
{
    /// <summary>An event in one line.</summary>
    public static string Line(in TlbEvent happened)
    {
        string space = $"space {happened.Space.Value}";
        string page = $"page {PageOf(happened.Address)} of {space}";
        string range = $"pages {PageOf(happened.Address)} to {PageOf(happened.Last)} of {space}";
        string mapped = happened.Outcome.Kind == OutcomeKind.Translated
            ? $"frame {happened.Outcome.Address}{(happened.Outcome.Dirty ? ", D" : "")}" : $"{happened.Outcome}";
        string does = happened.Kind switch
        {
            TlbEventKind.TableStore => $"stores {happened.New} to {happened.Physical}, which held {happened.Old}",
            TlbEventKind.TableMark => $"marks {happened.Physical}: {happened.Old} becomes {happened.New}",
            TlbEventKind.TableRead => $"walks for {page}, and reads {happened.New} at {happened.Physical}",
            TlbEventKind.Fill => $"fills {page}: {mapped}",
            TlbEventKind.Use => $"{Of(happened.Access)} {page} through {mapped}: {happened.Number}",
            TlbEventKind.Fault => $"{Of(happened.Access)} {page}, and faults: {mapped}",
            TlbEventKind.FlushPage => $"flushes {page}",
            TlbEventKind.FlushPcid => $"flushes PCID {happened.Number}",
            TlbEventKind.Send => $"asks {happened.Target} to flush {range}",
            TlbEventKind.Deliver => $"is asked to flush {range}",
            TlbEventKind.Acknowledge => $"says that it has flushed {range}",
            TlbEventKind.Skip => $"does not wait for {happened.Target}",
            TlbEventKind.Complete => $"takes {range} to be flushed everywhere",
            TlbEventKind.TakeClean => $"takes {page} to be clean",
            TlbEventKind.TakeFrame => $"takes frame {happened.Physical}, and clears it",
            TlbEventKind.ReleaseFrame => $"gives frame {happened.Physical} back",
            TlbEventKind.ReleaseTable => $"gives table page {happened.Physical} back",
            TlbEventKind.Advance => $"counts shootdown {happened.Number} of {space}",
            TlbEventKind.Announce => $"says that shootdowns of {space} are to interrupt it",
            TlbEventKind.Check => $"reads the generation of {space}: {happened.Number}",
            TlbEventKind.Record => $"notes that it has flushed for {happened.Number} shootdowns of {space}",
            TlbEventKind.Withdraw => $"says that shootdowns of {space} need not interrupt it",
            TlbEventKind.AssignPcid => $"gives PCID {happened.Number} to {space}",
            TlbEventKind.Load => $"loads CR3 for {space} with PCID {happened.Number}",
            TlbEventKind.Enter => $"begins with user accesses in {space}",
            TlbEventKind.Leave => $"ends user accesses in {space}",
            TlbEventKind.Unload => $"leaves the tables of {space}",
            _ => "does nothing",
        };
        return $"{happened.Cpu} {does}";
    }

    /// <summary>Who is in a mask.</summary>
    public static string Of(CpuMask mask) => string.Join(
        " and ",
        Enumerable.Range(0, ShootdownStart.CpusMax)
            .Where(cpu => mask.Contains(new((byte)cpu))).Select(cpu => $"CPU {cpu}"));

    /// <summary>Which page and table page a view is about.</summary>
    public static string Page(TableView view) =>
        $"page {view.Page} of {view.Space} through the table page {view.Table}";

    /// <summary>Which translation a state is about.</summary>
    public static string Watched(in ShootdownState state) => MappingSpec.Same(state.Watched, TableView.Nowhere)
        ? ""
        : $" as frame {state.Watched.Frame} {PagingText.Of(state.Watched.Rights)}{(state.Watched.Dirty ? ", D" : "")}";

    /// <summary>Why an event must not happen.</summary>
    public static string Of(ShootdownRefusal refusal, in ShootdownState state) => refusal switch
    {
        ShootdownRefusal.TwoWays => "two walks find different things.",
        ShootdownRefusal.FormChangedBeforeFlush => "its size or memory type changes before the old one is flushed.",
        ShootdownRefusal.MarkChangesMore => "a walk changes more than D.",
        ShootdownRefusal.NotLoaded => "the CPU walks tables that it has not loaded.",
        ShootdownRefusal.ReadsWhatIsNotThere => "nothing that the CPU may keep leads there.",
        ShootdownRefusal.WalksFreedTable => "a walk goes through a table page that was given back.",
        ShootdownRefusal.FilledAfterFlush => "it was flushed after a walk had read it, and now enters the TLB.",
        ShootdownRefusal.UsesWhatIsNotCached => "the CPU has flushed it, and uses it.",
        ShootdownRefusal.NotActive => "the CPU is not active there.",
        ShootdownRefusal.UsesFreedFrame => "the frame was given back.",
        ShootdownRefusal.NotSent => "an interrupt arrives that was not sent.",
        ShootdownRefusal.NotDelivered => "an interrupt is acknowledged that has not arrived.",
        ShootdownRefusal.AcknowledgedBeforeFlush => "the flush that was asked for has not been made.",
        ShootdownRefusal.SkipsActive => "an active CPU is not waited for.",
        ShootdownRefusal.StillPending => $"{Of(state.Pending)} may still hold it, and owes a flush.",
        ShootdownRefusal.StillDirty => "D is set.",
        ShootdownRefusal.StillMapped => "the tables still map the frame.",
        ShootdownRefusal.StillLinked => "the tables still lead to the table page.",
        ShootdownRefusal.NotCaughtUp => "the CPU was not waited for, and goes on without the flush that it owes.",
        _ => $"{refusal}.",
    };

    private static string PageOf(LinearAddress address)
    {
        int page = ShootdownStart.AddressOf.IndexOf(new(address.Value & ~0xFFFUL));
        return page < 0 ? $"{address}" : $"{page}";
    }

    private static string Of(AccessKind kind) => kind switch
    {
        AccessKind.Write => "stores to",
        AccessKind.Fetch => "fetches from",
        _ => "loads from",
    };
}
