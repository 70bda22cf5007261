using PageProof.Contract.Paging;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>B3, B4, B15: which fault comes first, what its code says, and what is reserved.</summary>
internal static class FaultTheorems
{
    private const PageFaultCode Causes =
        PageFaultCode.Present | PageFaultCode.Reserved | PageFaultCode.ProtectionKey;

    public static IEnumerable<ProofTask> All =>
    [
        PagingTasks.AtEachDepth(
            "B3",
            "The first absent or reserved entry decides the fault, whatever the rights above it; rights come last.",
            Priorities),
        PagingTasks.Witness(
            "B3'",
            "An entry that denies user mode is told before a lower entry that is absent.",
            RightsFirst),
        PagingTasks.AtEachDepth(
            "B4",
            "Error codes are well formed: RSVD and PK only with P and never both; the rest mirrors the access.",
            (scene, depth) => [WellFormed(scene, depth)]),
        PagingTasks.Witness(
            "B4'",
            "Every faulting fetch is told as one.",
            (scene, depth) => FetchesAreTold(scene, depth)),
        PagingTasks.AtEachDepth(
            "B15",
            "What translates under a MAXPHYADDR does so under a greater; only a PDPTE or PDE may have PS for a page.",
            Widths),
        PagingTasks.Witness(
            "B15'",
            "What translates under a MAXPHYADDR does so under a smaller.",
            (scene, depth) => Wider(scene, depth, wider: false)),
    ];

    private static IEnumerable<ProofStep> Priorities(PagingScene scene, Depth depth)
    {
        var path = scene.Path(depth);
        var walk = scene.Walk(depth);
        Fact FaultsBy(PageFaultCode cause) => walk.IsPageFault & (walk.Code & (ulong)Causes).Is((ulong)cause);

        yield return new("absent", path.Any(path.IsAbsent), FaultsBy(PageFaultCode.None));
        yield return new(
            "reserved", path.Any(path.IsReserved), FaultsBy(PageFaultCode.Present | PageFaultCode.Reserved));
        yield return new(
            "rights",
            path.IsComplete,
            walk.Translates | FaultsBy(PageFaultCode.Present)
                | FaultsBy(PageFaultCode.Present | PageFaultCode.ProtectionKey));
        yield return new(
            "outside",
            scene.True,
            path.All(level => (!path.IsOutsideMemory(level))
                | (walk.Is(OutcomeKind.OutsideMemory) & walk.Address.Is(path.Address(level)))));
        yield return new(
            "ends",
            scene.True,
            walk.IsNotCanonical | path.Any(path.IsAbsent) | path.Any(path.IsReserved)
                | path.Any(path.IsOutsideMemory) | path.IsComplete);
    }

    private static ProofStep RightsFirst(PagingScene scene, Depth depth)
    {
        var path = scene.Path(depth);
        var walk = scene.Walk(depth);
        return new(
            "rights first",
            scene.Access.IsUserMode & path.IsAbsent(1) & !path.Entry(2).HasAny((ulong)EntryBit.User),
            walk.Tells(PageFaultCode.Present));
    }

    private static ProofStep WellFormed(PagingScene scene, Depth depth)
    {
        var walk = scene.Walk(depth);
        var control = depth.Control;
        var fetchIsTold = control.Has(Cr4.SupervisorExecutionPrevention) | control.HasExecuteDisable;
        var access = scene.Access;
        var ofFault = walk.Tells(PageFaultCode.Write).Iff(access.IsWrite)
            & walk.Tells(PageFaultCode.User).Iff(access.IsUserMode)
            & walk.Tells(PageFaultCode.Fetch).Iff(access.IsFetch & fetchIsTold)
            & walk.Tells(PageFaultCode.ShadowStack).Iff(access.IsShadowStack)
            & walk.Tells(PageFaultCode.Reserved).Implies(walk.Tells(PageFaultCode.Present))
            & walk.Tells(PageFaultCode.ProtectionKey).Implies(
                walk.Tells(PageFaultCode.Present) & control.Has(Cr4.ProtectionKeys) & !access.IsFetch)
            & !(walk.Tells(PageFaultCode.Reserved) & walk.Tells(PageFaultCode.ProtectionKey))
            & walk.Code.IsBelow((ulong)PageFaultCode.ShadowStack << 1)
            & walk.FaultAddress.Is(access.Address);
        return new(
            "code",
            scene.True,
            walk.IsPageFault.Implies(ofFault)
                & (walk.IsPageFault | (walk.Code.Is(0) & walk.FaultAddress.Is(0))));
    }

    private static ProofStep FetchesAreTold(PagingScene scene, Depth depth)
    {
        var walk = scene.Walk(depth);
        return new("told", scene.Access.IsFetch & walk.IsPageFault, walk.Tells(PageFaultCode.Fetch));
    }

    private static IEnumerable<ProofStep> Widths(PagingScene scene, Depth depth)
    {
        yield return Wider(scene, depth, wider: true);
        var path = scene.Path(depth);
        var walk = scene.Walk(depth);
        yield return new(
            "page size",
            path.Any(level => MapsNoPage(scene, depth, level)
                & path.IsRead(level) & path.Entry(level).HasAny((ulong)EntryBit.Present)
                & path.Entry(level).HasAny((ulong)EntryBit.PageSize)),
            walk.Tells(PageFaultCode.Reserved));
    }

    private static Fact MapsNoPage(PagingScene scene, Depth depth, int level) => level switch
    {
        >= 4 => scene.True,
        3 => !depth.Control.HasGigabytePages,
        _ => !scene.True,
    };

    private static ProofStep Wider(PagingScene scene, Depth depth, bool wider)
    {
        var walk = scene.Walk(depth);
        var width = scene.AnyWidth("other.maxphyaddr");
        var other = scene.Walk(scene.Memory, depth.Control.WithMaxPhyAddr(width), scene.Access);
        var isShorter = width.IsBelow(depth.Control.MaxPhyAddr);
        return new("width", walk.Translates & (wider ? !isShorter : isShorter), other.Is(walk));
    }
}
