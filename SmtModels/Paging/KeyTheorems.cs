using PageProof.Contract.Paging;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>B12 and B13: protection keys and shadow stacks.</summary>
internal static class KeyTheorems
{
    private const ulong KeyBits = 0x7800_0000_0000_0000;
    private const ulong WriteDisableBits = 0xAAAA_AAAA;

    public static IEnumerable<ProofTask> All =>
    [
        PagingTasks.AtEachDepth(
            "B12",
            "Keys bind data accesses to user pages only: PKRU 0 and keys above the leaf forbid nothing, WD needs WP.",
            Keys),
        PagingTasks.Witness(
            "B12'",
            "WD never binds a supervisor, also with CR0.WP.",
            (scene, depth) => WriteDisable(scene, depth, !scene.Access.IsUserMode)),
        PagingTasks.AtEachDepth(
            "B13",
            "With CET an ordinary write to a shadow stack faults, and shadow-stack accesses reach nothing else.",
            ShadowStacks),
        PagingTasks.Witness(
            "B13'",
            "An ordinary write to a shadow stack faults, also without CR0.WP, which CET demands.",
            (scene, depth) => OrdinaryWrite(scene, depth, scene.Path(depth), scene.True)),
    ];

    private static IEnumerable<ProofStep> Keys(PagingScene scene, Depth depth)
    {
        var (control, access) = (depth.Control, scene.Access);
        var walk = scene.Walk(depth);
        var allOpen = scene.Walk(scene.Memory, control.WithPkru(scene.Number(0, 32)), access);
        yield return new("nothing forbidden", scene.True, !allOpen.Tells(PageFaultCode.ProtectionKey));

        var other = scene.Walk(scene.Memory, control.WithPkru(scene.AnyWord("other.pkru", 32)), access);
        yield return new("fetches", access.IsFetch, walk.Is(other));
        yield return new(
            "supervisor pages",
            walk.Translates & !walk.Gives(PageRights.User),
            walk.Is(other));
        yield return WriteDisable(scene, depth, (!access.IsUserMode) & !control.WritesAreProtected);

        var path = scene.Path(depth);
        yield return new(
            "told of user pages only",
            path.IsComplete & !path.AllHave(EntryBit.User),
            !walk.Tells(PageFaultCode.ProtectionKey));

        // The word may serve several levels, if only none of them is the leaf.
        Word at = scene.AnyWord("changed.address"), key = scene.AnyWord("changed.key") & KeyBits;
        var changed = scene.Memory.With(at, scene.Memory[at] ^ key);
        yield return new(
            "keys above the leaf",
            control.Has(Cr4.ProtectionKeys) & path.IsComplete & !at.Is(path.LeafAddress),
            walk.Is(scene.Walk(changed, control, access)));
    }

    private static ProofStep WriteDisable(PagingScene scene, Depth depth, Fact given)
    {
        var pkru = depth.Control.Pkru ^ (scene.AnyWord("flipped.pkru", 32) & WriteDisableBits);
        return new(
            "write disable",
            given,
            scene.Walk(depth).Is(scene.Walk(scene.Memory, depth.Control.WithPkru(pkru), scene.Access)));
    }

    private static IEnumerable<ProofStep> ShadowStacks(PagingScene scene, Depth depth)
    {
        var path = scene.Path(depth);
        var walk = scene.Walk(depth);
        yield return OrdinaryWrite(scene, depth, path, depth.Control.CetNeedsWriteProtect);

        var isUserPage = path.AllHave(EntryBit.User);
        var isShadowStack = IsShadowStack(path) & path.AllAboveLeafHave(EntryBit.Writable);
        var isAllowed = depth.Control.Has(Cr4.ControlFlowEnforcement) & isShadowStack
            & isUserPage.Iff(scene.Access.IsUserMode);
        yield return new(
            "allowed",
            scene.Access.IsShadowStack & path.IsComplete,
            walk.Translates.Iff(isAllowed & !walk.Tells(PageFaultCode.ProtectionKey)));
        yield return new(
            "told",
            walk.IsPageFault,
            walk.Tells(PageFaultCode.ShadowStack).Iff(scene.Access.IsShadowStack));
    }

    private static ProofStep OrdinaryWrite(PagingScene scene, Depth depth, WalkPath path, Fact given) => new(
        "ordinary write",
        depth.Control.Has(Cr4.ControlFlowEnforcement) & scene.Access.IsOf(AccessKind.Write)
            & path.IsComplete & IsShadowStack(path) & given,
        scene.Walk(depth).IsPageFault);

    private static Fact IsShadowStack(WalkPath path) =>
        path.Leaf.HasNone((ulong)EntryBit.Writable) & path.Leaf.HasAny((ulong)EntryBit.Dirty);
}
