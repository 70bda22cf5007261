using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Cli.Walk;

/// <summary>
/// Walks as data. Addresses and entries are texts in hexadecimal, since the numbers of many JSON
/// readers lose bits of 64; a member that does not belong to the kind of a step or outcome is null.
/// </summary>
public sealed record WalkJson(
    string Command, string Source, ControlJson Control, IReadOnlyList<TrailJson> Walks)
{
    /// <summary>The data of the walks, which all have the same control state.</summary>
    public static WalkJson Of(string source, IReadOnlyList<WalkTrail> walks) => new(
        "walk", source, ControlJson.Of(walks[0].Control), [.. walks.Select(TrailJson.Of)]);
}

/// <summary>The control state of the walks.</summary>
public sealed record ControlJson(
    string Cr3,
    int Levels,
    bool Wp,
    bool Nxe,
    bool Smep,
    bool Smap,
    bool Pge,
    bool Pke,
    bool Cet,
    string Pkru,
    string Pat,
    int Maxphyaddr,
    bool Gbpages,
    string Vendor)
{
    /// <summary>The data of a control state.</summary>
    public static ControlJson Of(ControlState control) => new(
        $"{control.Cr3}",
        EntryFormat.LevelsOf(control),
        control.Cr0.HasFlag(Cr0.WriteProtect),
        EntryFormat.HasExecuteDisable(control),
        EntryFormat.Has(control, Cr4.SupervisorExecutionPrevention),
        EntryFormat.Has(control, Cr4.SupervisorAccessPrevention),
        EntryFormat.Has(control, Cr4.PageGlobalEnable),
        EntryFormat.Has(control, Cr4.ProtectionKeys),
        EntryFormat.Has(control, Cr4.ControlFlowEnforcement),
        $"{control.Pkru}",
        $"{control.Pat}",
        control.MaxPhyAddr.Bits,
        control.HasGigabytePages,
        control.Vendor.ToString().ToLowerInvariant());
}

/// <summary>One walk: the access, each level, and the end.</summary>
public sealed record TrailJson(
    string Address,
    string Access,
    int Cpl,
    bool Ac,
    bool Implicit,
    bool Stack,
    IReadOnlyList<StepJson> Levels,
    OutcomeJson Outcome)
{
    /// <summary>The data of a walk.</summary>
    public static TrailJson Of(WalkTrail trail) => new(
        $"{trail.Access.Address}",
        WalkOptions.NameOf(trail.Access.Kind),
        (int)trail.Access.Cpl,
        trail.Access.AlignmentCheck,
        trail.Access.Implicit,
        trail.Access.StackSegment,
        [.. trail.Steps.Select(step => StepJson.Of(trail.Control, step))],
        OutcomeJson.Of(trail));
}

/// <summary>One level of a walk.</summary>
public sealed record StepJson(
    int Level,
    string Table,
    int Index,
    string EntryAddress,
    string? Entry,
    string Kind,
    IReadOnlyList<string> Bits,
    IReadOnlyList<int> ReservedBits,
    IReadOnlyList<int> IgnoredBits,
    string? Next,
    string? Rights)
{
    /// <summary>The data of a level.</summary>
    public static StepJson Of(ControlState control, WalkStep step) => new(
        step.Level,
        EntryText.TableOf(step.Level),
        step.Index,
        $"{step.Address}",
        step.Kind == StepKind.Outside ? null : $"{step.Entry}",
        step.Kind switch
        {
            StepKind.Table => "table",
            StepKind.Page => "page",
            StepKind.NotPresent => "not_present",
            StepKind.Reserved => "reserved",
            _ => "outside_memory",
        },
        EntryText.BitsOf(control, step),
        EntryText.ReservedBitsOf(control, step),
        EntryText.IgnoredBitsOf(control, step),
        step.Kind switch
        {
            StepKind.Table => $"{EntryFormat.NextTable(step.Entry)}",
            StepKind.Page => $"{EntryText.FrameOf(step)}",
            _ => null,
        },
        step.Kind is StepKind.Table or StepKind.Page ? PagingText.Of(step.Rights) : null);
}

/// <summary>The end of a walk.</summary>
public sealed record OutcomeJson(
    string Kind,
    string? PhysicalAddress,
    long? PageBytes,
    string? Rights,
    bool? Global,
    bool? Dirty,
    int? Key,
    string? MemoryType,
    int? ErrorCode,
    IReadOnlyList<string>? ErrorFlags,
    string? Cr2,
    IReadOnlyList<string> Reasons)
{
    /// <summary>The data of an end.</summary>
    public static OutcomeJson Of(WalkTrail trail)
    {
        var outcome = trail.Outcome;
        bool translated = outcome.Kind == OutcomeKind.Translated;
        bool faulted = outcome.Kind == OutcomeKind.PageFault;
        bool outside = outcome.Kind == OutcomeKind.OutsideMemory;
        return new(
            outcome.Kind switch
            {
                OutcomeKind.Translated => "translated",
                OutcomeKind.PageFault => "page_fault",
                OutcomeKind.GeneralProtection => "general_protection",
                OutcomeKind.StackFault => "stack_fault",
                _ => "outside_memory",
            },
            translated || outside ? $"{outcome.Address}" : null,
            translated ? 1L << (int)outcome.Size : null,
            translated ? PagingText.Of(outcome.Rights) : null,
            translated ? outcome.Global : null,
            translated ? outcome.Dirty : null,
            translated ? outcome.Key.Value : null,
            translated ? PagingText.Of(outcome.Type) : null,
            faulted ? (int)outcome.Code : null,
            faulted ? [.. FlagNames(outcome.Code)] : null,
            faulted ? $"{outcome.FaultAddress}" : null,
            OutcomeText.ReasonsOf(trail));
    }

    private static IEnumerable<string> FlagNames(PageFaultCode code) =>
        OutcomeText.FlagsOf(code).Where(flag => flag.Set).Select(flag => flag.Name);
}
