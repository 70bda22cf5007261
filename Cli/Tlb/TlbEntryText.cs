using PageProof.Cli.Walk;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Cli.Tlb;

/// <summary>Entries of a CPU, and where answers came from, in words.</summary>
public static class TlbEntryText
{
    /// <summary>The array that holds an entry.</summary>
    public static string PlaceOf(in TlbEntry entry) => entry.Place switch
    {
        TlbPlace.Front => $"front, {(entry.UserMode ? "user" : "supervisor")} {WalkOptions.NameOf(entry.Kind)}"
            + (entry.AlignmentCheck ? ", AC" : ""),
        TlbPlace.FirstData => "L1 data",
        TlbPlace.FirstInstructions => "L1 fetch",
        TlbPlace.Second => "L2",
        _ => $"{EntryText.TableOf(entry.Level)}E cache",
    };

    /// <summary>What an entry leads to.</summary>
    public static string TargetOf(in TlbEntry entry) => entry.Place == TlbPlace.UpperEntries
        ? $"{EntryText.TableOf(entry.Level - 1)} at {entry.Target}"
        : entry.Place == TlbPlace.Front && entry.Level > 1
            ? $"{entry.Target}, 4 KiB of {PagingText.Of(SizeOf(entry))}"
            : $"{entry.Target}, {PagingText.Of(SizeOf(entry))}";

    /// <summary>What an entry permits, and whether it has D.</summary>
    public static string RightsOf(in TlbEntry entry) =>
        PagingText.Of(entry.Rights) + (entry.Dirty ? " D" : "");

    /// <summary>Under which PCID an entry serves.</summary>
    public static string PcidOf(in TlbEntry entry) =>
        entry.Place == TlbPlace.Front ? "" : entry.Pcid is { } pcid ? $"{pcid}" : "global";

    /// <summary>Where the answer to an access came from; empty when nothing was looked up.</summary>
    public static string SourceOf(TlbTrailStep step) => step.Answer.Source switch
    {
        TlbSource.Front => "from the front array",
        TlbSource.FirstLevel => "from the first level",
        TlbSource.SecondLevel => "from the second level",
        TlbSource.Walk => $"by a walk of {step.Reads} read{(step.Reads == 1 ? "" : "s")}",
        _ => "",
    };

    private static PageSize SizeOf(in TlbEntry entry) => (PageSize)(12 + 9 * (entry.Level - 1));
}
