using PageProof.Contract.Paging;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>B9, B10, B11, B16: what walks leave in memory.</summary>
internal static class MarkTheorems
{
    private const ulong A = (ulong)EntryBit.Accessed;
    private const ulong D = (ulong)EntryBit.Dirty;

    public static IEnumerable<ProofTask> All =>
    [
        PagingTasks.AtEachDepth(
            "B9",
            "A walk sets nothing but A and D, D only in the leaf of a permitted write; a second one changes nothing.",
            OnlyMarks),
        PagingTasks.Witness(
            "B9'",
            "A read may set D.",
            DirtyOnRead),
        PagingTasks.AtEachDepth(
            "B10",
            "Whatever A and D walks have set, every later walk ends as it would have, but for telling D.",
            LaterWalks),
        PagingTasks.Witness(
            "B10'",
            "D changes no later walk, also without CR0.WP under CET (it makes a read-only page a shadow stack).",
            LaterWalkWithoutWriteProtect),
        PagingTasks.AtEachDepth(
            "B11",
            "A completed walk has set A at every level that it used; whoever sets D also sets A.",
            AllAccessed),
        PagingTasks.AtEachDepth(
            "B16",
            "Where one entry serves as all the levels, a write leaves D in it.",
            SelfReference),
        PagingTasks.Witness(
            "B16'",
            "A walker may write back the copies that it read, the leaf first (D is lost where they are one word).",
            StaleCopies),
    ];

    private static IEnumerable<ProofStep> OnlyMarks(PagingScene scene, Depth depth)
    {
        var (address, left, permitted) = AnyMark(scene, depth);
        var before = scene.Memory[address];
        yield return new("A and D", permitted, left.IsBut(A | D, before) & (before & ~left).Is(0));

        var path = scene.Path(depth);
        var walk = scene.Walk(depth);
        yield return new(
            "D",
            permitted & left.HasAny(D) & before.HasNone(D),
            walk.Translates & scene.Access.IsWrite & path.IsComplete & address.Is(path.LeafAddress));

        var again = scene.Permits(scene.Memory.With(address, left), depth.Control, scene.Access, address, left);
        yield return new("again", permitted, again);
    }

    private static ProofStep DirtyOnRead(PagingScene scene, Depth depth)
    {
        var path = scene.Path(depth);
        var at = path.LeafAddress;
        var left = scene.Memory[at] | A | D;
        return new(
            "read",
            path.IsComplete & scene.Walk(depth).Translates & scene.Access.IsRead,
            scene.Permits(scene.Memory, depth.Control, scene.Access, at, left));
    }

    // Two lemmas, since a walk marks several words: each mark is harmless, and a harmless mark of one
    // word changes no later walk. So does, one by one, any number of them: marking other words
    // changes neither R/W nor D of a word, by which a mark is harmless. That the optimized walker leaves
    // nothing but permitted marks is B1.
    private static IEnumerable<ProofStep> LaterWalks(PagingScene scene, Depth depth)
    {
        var (address, left, permitted) = AnyMark(scene, depth);
        var before = scene.Memory[address];
        var cetNeedsWriteProtect = depth.Control.CetNeedsWriteProtect;
        yield return new(
            "marks are harmless", permitted & cetNeedsWriteProtect, IsHarmless(depth.Control, before, left));
        yield return LaterWalk(scene, depth, IsHarmless(depth.Control, before, left));
    }

    private static ProofStep LaterWalkWithoutWriteProtect(PagingScene scene, Depth depth) =>
        LaterWalk(scene, depth, AnyMark(scene, depth).Permitted);

    private static ProofStep LaterWalk(PagingScene scene, Depth depth, Fact given)
    {
        var (address, left) = MarkedWord(scene);
        var later = scene.AnyAccess("later");
        var without = scene.Walk(scene.Memory, depth.Control, later);
        var with = scene.Walk(scene.Memory.With(address, left), depth.Control, later);
        return new(
            "later walk",
            given,
            with.IsButForDirty(without) & (with.Dirty.Is(without.Dirty) | !with.Dirty.Is(0)));
    }

    private static Fact IsHarmless(ControlTerms control, Word before, Word left) =>
        left.IsBut(A | D, before) & (before & ~left).Is(0)
            & (left.HasNone(D) | before.HasAny(D) | before.HasAny((ulong)EntryBit.Writable)
                | !control.Has(Cr4.ControlFlowEnforcement));

    private static IEnumerable<ProofStep> AllAccessed(PagingScene scene, Depth depth)
    {
        var (address, left, permitted) = AnyMark(scene, depth);
        var path = scene.Path(depth);
        var walk = scene.Walk(depth);
        yield return new(
            "A",
            permitted & walk.Translates & path.Any(level => path.IsUsed(level) & address.Is(path.Address(level))),
            left.HasAny(A));
        yield return new(
            "D of a write",
            permitted & walk.Translates & scene.Access.IsWrite & path.IsComplete & address.Is(path.LeafAddress),
            left.HasAny(D));
        yield return new(
            "D with A",
            permitted & left.HasAny(D) & scene.Memory[address].HasNone(D),
            left.HasAny(A));
    }

    // One table with one entry that leads back to it, by an address whose indices all name this entry.
    private static IEnumerable<ProofStep> SelfReference(PagingScene scene, Depth depth)
    {
        var table = scene.AnyWord("table") & PagingScene.Frame;
        Word index = scene.AnyWord("index") & 0x1FF, linear = scene.AnyWord("offset") & 0xFFF;
        for (int level = 1; level <= depth.Levels; level++)
        {
            linear |= index << 12 + 9 * (level - 1);
        }

        var at = table | index << 3;
        var entry = table | (scene.AnyWord("flags") & ~PagingScene.Frame);
        var memory = scene.Memory.With(at, entry);
        var control = depth.Control.WithCr3(table);
        var access = scene.Access.WithAddress(linear.Bits(11 + 9 * depth.Levels, 0).SignWidened(64));
        var given = access.IsWrite & scene.Walk(memory, control, access).Translates;
        var left = scene.AnyWord("left");
        yield return new(
            "owed", given & scene.Permits(memory, control, access, at, left), left.HasAny(A) & left.HasAny(D));
        var optimized = scene.WalkOptimized(depth.Levels, memory, control, access);
        yield return new("left", given, optimized.After[at].Is(entry | A | D));
    }

    private static ProofStep StaleCopies(PagingScene scene, Depth depth)
    {
        var path = scene.Path(depth);
        var memory = scene.Memory;
        for (int level = 1; level <= depth.Levels; level++)
        {
            memory = memory.With(path.Address(level), path.Entry(level) | A | (level == 1 ? D : 0));
        }

        var at = path.Address(1);
        return new(
            "stale",
            path.IsCompleteAt(1) & scene.Access.IsWrite & scene.Walk(depth).Translates,
            scene.Permits(scene.Memory, depth.Control, scene.Access, at, memory[at]));
    }

    private static (Word Address, Word Left, Fact Permitted) AnyMark(PagingScene scene, Depth depth)
    {
        var (address, left) = MarkedWord(scene);
        return (address, left, scene.Permits(scene.Memory, depth.Control, scene.Access, address, left));
    }

    private static (Word Address, Word Left) MarkedWord(PagingScene scene) =>
        (scene.AnyWord("marked.address"), scene.AnyWord("left"));
}
