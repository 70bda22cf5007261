using PageProof.Contract.Paging;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>B2, B6, B14: what the bits of entries and registers permit and forbid.</summary>
internal static class RightsTheorems
{
    private const ulong RightsBits =
        (ulong)(EntryBit.Writable | EntryBit.User | EntryBit.ExecuteDisable);

    public static IEnumerable<ProofTask> All =>
    [
        PagingTasks.AtEachDepth(
            "B2",
            "Clearing R/W or U/S or setting XD in any entry never lets user mode in.",
            (scene, depth) => [FewerRights(scene, depth, scene.Access.IsUserMode)]),
        PagingTasks.Witness(
            "B2'",
            "Clearing U/S never lets a supervisor in (it does: SMAP and SMEP keep it off user pages only).",
            (scene, depth) => FewerRights(scene, depth, !scene.Access.IsUserMode)),
        PagingTasks.AtEachDepth(
            "B6",
            "Under SMEP and SMAP with AC clear, a supervisor never reaches a user page; implicit accesses ignore AC.",
            KeptOffUserPages),
        PagingTasks.Witness(
            "B6'",
            "Under SMEP and SMAP a supervisor never reaches a user page, also with AC set.",
            (scene, depth) => KeptOff(scene, depth, scene.Access.AlignmentCheck)),
        PagingTasks.AtEachDepth(
            "B14",
            "CR0.WP decides supervisor writes only, where R/W or WD of a key forbids; XD without NXE is reserved.",
            WriteProtectAndNoExecute),
        PagingTasks.Witness(
            "B14'",
            "CR0.WP decides nothing.",
            (scene, depth) => Toggled(scene, depth, "toggle", scene.True)),
    ];

    private static ProofStep FewerRights(PagingScene scene, Depth depth, Fact who)
    {
        Word address = scene.AnyWord("changed.address"), after = scene.AnyWord("changed.entry");
        var before = scene.Memory[address];
        var fewer = after.IsBut(RightsBits, before)
            & (after & ~before & (ulong)(EntryBit.Writable | EntryBit.User)).Is(0)
            & (before & ~after & (ulong)EntryBit.ExecuteDisable).Is(0);
        var walk = scene.Walk(depth);
        var changed = scene.Walk(scene.Memory.With(address, after), depth.Control, scene.Access);
        return new(
            "fewer rights",
            fewer & who & !scene.Access.IsShadowStack,
            walk.IsPageFault.Implies(changed.IsPageFault)
                & changed.Translates.Implies(walk.Translates & walk.Address.Is(changed.Address)));
    }

    private static IEnumerable<ProofStep> KeptOffUserPages(PagingScene scene, Depth depth)
    {
        yield return KeptOff(scene, depth, (!scene.Access.AlignmentCheck) | scene.Access.Implicit);
        var walk = scene.Walk(depth);
        var other = scene.Access.WithAlignmentCheck(!scene.Access.AlignmentCheck);
        yield return new(
            "implicit",
            scene.Access.Implicit,
            walk.Is(scene.Walk(scene.Memory, depth.Control, other)));
    }

    private static ProofStep KeptOff(PagingScene scene, Depth depth, Fact flag)
    {
        var control = depth.Control;
        var walk = scene.Walk(depth);
        return new(
            "kept off",
            control.Has(Cr4.SupervisorExecutionPrevention) & control.Has(Cr4.SupervisorAccessPrevention)
                & !scene.Access.IsUserMode & flag & walk.Translates,
            !walk.Gives(PageRights.User));
    }

    private static IEnumerable<ProofStep> WriteProtectAndNoExecute(PagingScene scene, Depth depth)
    {
        var access = scene.Access;
        yield return Toggled(scene, depth, "toggle", access.IsUserMode | !access.IsWrite);

        var (protecting, open) = WriteProtectBothWays(scene, depth);
        yield return new("off opens", protecting.Translates, protecting.Is(open));

        // With keys off a write is decided by R/W alone; with keys on WD decides too.
        yield return new(
            "only read-only pages",
            open.Translates & !protecting.Translates,
            access.IsOf(AccessKind.Write) & !access.IsUserMode & protecting.IsPageFault
                & ((!open.Gives(PageRights.Write)) | protecting.Tells(PageFaultCode.ProtectionKey))
                & !protecting.Tells(PageFaultCode.Reserved));

        var path = scene.Path(depth);
        var walk = scene.Walk(depth);
        yield return new(
            "reserved without NXE",
            (!depth.Control.HasExecuteDisable) & path.Any(level => path.IsRead(level)
                & path.Entry(level).HasAny((ulong)EntryBit.Present)
                & path.Entry(level).HasAny((ulong)EntryBit.ExecuteDisable)),
            walk.Tells(PageFaultCode.Reserved));
        yield return new(
            "executable without NXE",
            (!depth.Control.HasExecuteDisable) & walk.Translates,
            walk.Gives(PageRights.Execute));
    }

    private static ProofStep Toggled(PagingScene scene, Depth depth, string name, Fact given)
    {
        var (protecting, open) = WriteProtectBothWays(scene, depth);
        return new(name, given, protecting.Is(open));
    }

    private static (OutcomeTerms Protecting, OutcomeTerms Open) WriteProtectBothWays(PagingScene scene, Depth depth)
    {
        const ulong Bit = (ulong)Cr0.WriteProtect;
        var control = depth.Control;
        return (
            scene.Walk(scene.Memory, control.WithCr0(control.Cr0 | Bit), scene.Access),
            scene.Walk(scene.Memory, control.WithCr0(control.Cr0 & ~Bit), scene.Access));
    }
}
