using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Cli.Walk;

/// <summary>The end of a walk in words: each flag of an error code, and why it came so.</summary>
public static class OutcomeText
{
    private static readonly (PageFaultCode Flag, string Name, string Set, string Clear)[] Flags =
    [
        (PageFaultCode.Present, "P",
            "the entry in question is present", "the entry in question is not present"),
        (PageFaultCode.Write, "W/R", "the access was a write", "the access was not a write"),
        (PageFaultCode.User, "U/S", "it was made in user mode", "it was made in supervisor mode"),
        (PageFaultCode.Reserved, "RSVD",
            "a present entry sets a reserved bit", "no reserved bit is to blame"),
        (PageFaultCode.Fetch, "I/D",
            "it was an instruction fetch", "it was no fetch, or no page can forbid fetches"),
        (PageFaultCode.ProtectionKey, "PK",
            "the protection key of the page forbids it", "no protection key is to blame"),
        (PageFaultCode.ShadowStack, "SS",
            "it was a shadow-stack access", "it was not a shadow-stack access"),
    ];

    /// <summary>Each flag of an error code: its name, its value, and what that says.</summary>
    public static IEnumerable<(string Name, bool Set, string Meaning)> FlagsOf(PageFaultCode code) =>
        Flags.Select(flag => code.HasFlag(flag.Flag)
            ? (flag.Name, true, flag.Set)
            : (flag.Name, false, flag.Clear));

    /// <summary>Why the walk did not end in an address; one sentence for each reason.</summary>
    public static IReadOnlyList<string> ReasonsOf(WalkTrail trail) => trail.Outcome.Kind switch
    {
        OutcomeKind.Translated => [],
        OutcomeKind.PageFault => ReasonsOfFault(trail),
        OutcomeKind.OutsideMemory => [
            $"{EntryText.EntryOf(trail.Steps[^1])} would lie at {trail.Steps[^1].Address}, where "
                + "there is no memory."],
        _ => [NotCanonical(trail)],
    };

    private static string NotCanonical(WalkTrail trail)
    {
        int width = CanonicalSpec.WidthOf(EntryFormat.LevelsOf(trail.Control));
        return $"The address is not canonical: bits 63 to {width} do not all equal bit {width - 1}.";
    }

    private static IReadOnlyList<string> ReasonsOfFault(WalkTrail trail)
    {
        var last = trail.Steps[^1];
        string entry = EntryText.EntryOf(last);
        return last.Kind switch
        {
            StepKind.NotPresent => [$"{entry} is not present."],
            StepKind.Reserved =>
                [$"{entry} sets {EntryText.Bits(EntryText.ReservedBitsOf(trail.Control, last))}, "
                    + "reserved there."],
            _ => Forbidden(trail),
        };
    }

    private static string[] Forbidden(WalkTrail trail)
    {
        var (control, access) = (trail.Control, trail.Access);
        var rights = trail.Steps[^1].Rights;
        bool userMode = PermissionSpec.IsUserMode(access);
        bool userPage = rights.HasFlag(PageRights.User);
        bool fetch = access.Kind == AccessKind.Fetch;
        bool shadow = access.Kind is AccessKind.ShadowStackRead or AccessKind.ShadowStackWrite;
        bool mustBeWritable = userMode || control.Cr0.HasFlag(Cr0.WriteProtect);
        var key = EntryFormat.KeyOf(control, trail.Steps[^1].Entry);
        (bool Holds, string Text)[] reasons =
        [
            (userMode && !userPage,
                $"User mode may not touch it: U/S is clear in {Where(trail, EntryBit.User, false)}."),
            (access.Kind == AccessKind.Write && mustBeWritable && !rights.HasFlag(PageRights.Write),
                $"It is read-only: R/W is clear in {Where(trail, EntryBit.Writable, false)}."),
            (fetch && !rights.HasFlag(PageRights.Execute),
                $"It is not executable: XD is set in {Where(trail, EntryBit.ExecuteDisable, true)}."),
            (fetch && !userMode && userPage
                && EntryFormat.Has(control, Cr4.SupervisorExecutionPrevention),
                "SMEP: a supervisor does not fetch from a user page."),
            (!fetch && !shadow && !userMode && userPage && SmapHolds(control, access),
                "SMAP: a supervisor touches a user page only explicitly and with EFLAGS.AC set."),
            (shadow && !rights.HasFlag(PageRights.ShadowStack),
                "It is no shadow-stack page: with CR4.CET, a leaf with R/W clear and D set, and "
                    + "R/W set above it."),
            (shadow && userMode != userPage,
                "A shadow-stack access goes to a shadow stack of its own mode."),
            (!PermissionSpec.KeyPermits(control, access, rights, key),
                $"PKRU {control.Pkru} forbids it for protection key {key}."),
        ];
        return [.. reasons.Where(reason => reason.Holds).Select(reason => reason.Text)];
    }

    private static bool SmapHolds(in ControlState control, in Access access) =>
        EntryFormat.Has(control, Cr4.SupervisorAccessPrevention)
            && (access.Implicit || !access.AlignmentCheck);

    private static string Where(WalkTrail trail, EntryBit bit, bool set) => string.Join(
        ", ",
        trail.Steps
            .Where(step => EntryFormat.Has(step.Entry, bit) == set)
            .Select(step => EntryText.EntryOf(step)));
}
