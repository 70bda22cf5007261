using PageProof.Contract.Tlb;

namespace PageProof.Cli.Tlb;

/// <summary>A sequence and its answers as data. Addresses are texts in hexadecimal.</summary>
public sealed record TlbJson(
    string Command, string Source, bool Ok, IReadOnlyList<TlbStepJson> Steps, IReadOnlyList<TlbCpuJson> Cpus)
{
    /// <summary>The data of a trail, of one CPU or of all.</summary>
    public static TlbJson Of(string source, TlbTrail trail, int? only) => new(
        "tlb",
        source,
        trail.Steps.All(step => step.Refusal is null),
        [.. trail.Steps.Where(step => only is null || step.Command.Cpu.Value == only).Select(TlbStepJson.Of)],
        [.. Enumerable.Range(0, trail.Contents.Count).Where(cpu => only is null || cpu == only)
            .Select(cpu => TlbCpuJson.Of(trail, cpu))]);

    /// <summary>The counters, under the names by which <c>perf stat</c> prints such.</summary>
    public static IEnumerable<(string Name, ulong Count)> Counters(TlbStatistics counted) =>
    [
        ("dTLB-loads", counted.Loads),
        ("dTLB-load-misses", counted.LoadMisses),
        ("dTLB-stores", counted.Stores),
        ("dTLB-store-misses", counted.StoreMisses),
        ("iTLB-loads", counted.Fetches),
        ("iTLB-load-misses", counted.FetchMisses),
        ("sTLB-hits", counted.SecondLevelHits),
        ("page-walks", counted.Walks),
        ("page-walk-reads", counted.WalkReads),
    ];
}

/// <summary>One command.</summary>
public sealed record TlbStepJson(
    int Number,
    int Cpu,
    string Command,
    string Answer,
    string? Source,
    int WalkReads,
    IReadOnlyList<TlbEntryJson> Entered,
    IReadOnlyList<TlbEntryJson> Evicted,
    IReadOnlyList<TlbEntryJson> Invalidated,
    IReadOnlyList<string> Permitted,
    string? Refusal)
{
    /// <summary>The data of a step.</summary>
    public static TlbStepJson Of(TlbTrailStep step) => new(
        step.Number,
        step.Command.Cpu.Value,
        $"{step.Command}",
        $"{step.Answer}",
        step.Answer.Source switch
        {
            TlbSource.Front => "front",
            TlbSource.FirstLevel => "first_level",
            TlbSource.SecondLevel => "second_level",
            TlbSource.Walk => "walk",
            _ => null,
        },
        step.Reads,
        With(step, EntryFate.Entered),
        With(step, EntryFate.Evicted),
        With(step, EntryFate.Invalidated),
        [.. step.Permitted.Select(outcome => $"{outcome}")],
        step.Refusal);

    private static List<TlbEntryJson> With(TlbTrailStep step, EntryFate fate) =>
        [.. step.Changes.Where(change => change.Fate == fate).Select(change => TlbEntryJson.Of(change.Entry))];
}

/// <summary>What a CPU holds and has counted at the end.</summary>
public sealed record TlbCpuJson(
    int Cpu, IReadOnlyList<TlbEntryJson> Entries, IReadOnlyDictionary<string, ulong> Counters)
{
    /// <summary>The data of a CPU.</summary>
    public static TlbCpuJson Of(TlbTrail trail, int cpu) => new(
        cpu,
        [.. trail.Contents[cpu].Select(TlbEntryJson.Of)],
        TlbJson.Counters(trail.Statistics[cpu]).ToDictionary(each => each.Name, each => each.Count));
}

/// <summary>One entry; without a PCID it is global, or in the front.</summary>
public sealed record TlbEntryJson(
    string Array, string Page, int? Pcid, int Level, string Target, string Rights, bool Dirty)
{
    /// <summary>The data of an entry.</summary>
    public static TlbEntryJson Of(TlbEntry entry) => new(
        TlbEntryText.PlaceOf(entry),
        $"{entry.Page}",
        entry.Pcid?.Value,
        entry.Level,
        $"{entry.Target}",
        Contract.Paging.PagingText.Of(entry.Rights),
        entry.Dirty);
}
