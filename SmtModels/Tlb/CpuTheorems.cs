using PageProof.Contract.Tlb;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Tlb;

/// <summary>
/// C14: what the Spec has a command drop, the CPU of the Implementation does not find any more, with its
/// tags, sets and ways; and it finds the rest where it promises to.
/// </summary>
internal static class CpuTheorems
{
    private const ulong KeepBit = 1UL << 63;

    private static readonly TlbCommandKind[] Kinds =
    [
        TlbCommandKind.InvalidatePage, TlbCommandKind.InvalidatePcid,
        TlbCommandKind.MoveCr0, TlbCommandKind.MoveCr3, TlbCommandKind.MoveCr4,
    ];

    private static readonly (int Level, bool Fetch)[] Leaves =
        [(1, false), (1, true), (2, false), (2, true), (3, false), (3, true)];

    private static readonly int[] UpperLevels = [2, 3, 4, 5];

    private static readonly CodeTasks<TlbScene> Tasks = new("tlb", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "C14",
            "What the Spec has a command drop, the optimized CPU finds no more; both refuse and store the same.",
            scene => Same(scene).Concat(Dropped(scene)).Concat(DroppedInFront(scene))),
        Tasks.Witness(
            "C14'",
            "What is kept is still found after INVPCID of type 2.",
            scene => new(
                "flush of nothing",
                scene.IsKind(TlbCommandKind.InvalidatePcid) & scene.IsType(InvpcidType.AllIncludingGlobal)
                    & !scene.CpuRefuses() & IsOfLevel(scene, scene.Translation, 2),
                scene.CpuKeepsTranslation(TlbCommandKind.InvalidatePcid, 2, fetch: false))),
        Tasks.Witness(
            "C14''",
            "INVLPG leaves what is kept under another PCID than the current, whether global or not.",
            scene => new(
                "current alone",
                scene.IsKind(TlbCommandKind.InvalidatePage)
                    & !scene.PcidOf(scene.Translation).Is(scene.Current) & IsOfLevel(scene, scene.Translation, 1),
                scene.CpuKeepsTranslation(TlbCommandKind.InvalidatePage, 1, fetch: false))),
    ];

    private static IEnumerable<ProofStep> Same(TlbScene scene)
    {
        scene.Assume(Kinds.Select(scene.IsKind).Aggregate((a, b) => a | b));
        var refuses = scene.Refuses();
        yield return new("refused", scene.True, scene.CpuRefuses().Iff(refuses));
        yield return new("registers", !refuses, scene.AreSame(scene.Next(), scene.CpuNext()));
        yield return new("registers when refused", refuses, scene.AreSame(scene.Control, scene.CpuNext()));
        scene.Assume(!refuses);
    }

    private static IEnumerable<ProofStep> Dropped(TlbScene scene)
    {
        yield return new(
            "levels",
            scene.True,
            Leaves.Select(leaf => IsOfLevel(scene, scene.Translation, leaf.Level)).Aggregate((a, b) => a | b)
                & UpperLevels.Select(level => IsOfLevel(scene, scene.Partial, level)).Aggregate((a, b) => a | b));
        var dropped = scene.Invalidates();
        yield return new(
            "MoveCr0",
            scene.IsKind(TlbCommandKind.MoveCr0),
            !dropped.IsAny);
        foreach (var kind in Kinds.Where(kind => kind != TlbCommandKind.MoveCr0))
        {
            foreach (var (level, fetch) in Leaves)
            {
                yield return new(
                    $"{kind} of leaves of level {level}{(fetch ? " by fetches" : "")}",
                    scene.IsKind(kind) & IsOfLevel(scene, scene.Translation, level) & dropped.Translation,
                    !scene.CpuKeepsTranslation(kind, level, fetch));
            }

            foreach (int level in UpperLevels)
            {
                yield return new(
                    $"{kind} of upper entries of level {level}",
                    scene.IsKind(kind) & IsOfLevel(scene, scene.Partial, level) & dropped.Partial,
                    !scene.CpuKeepsPartial(kind, level));
            }
        }

        foreach (var (level, fetch) in Leaves)
        {
            var ofLevel = IsOfLevel(scene, scene.Translation, level);
            string name = $"level {level}{(fetch ? " by fetches" : "")}";
            yield return new(
                $"bit 63 keeps leaves of {name}",
                scene.IsKind(TlbCommandKind.MoveCr3) & scene.Cr3Operand.HasAny(KeepBit) & ofLevel,
                scene.CpuKeepsTranslation(TlbCommandKind.MoveCr3, level, fetch));
            yield return new(
                $"other pages of {name} stay",
                scene.IsKind(TlbCommandKind.InvalidatePage) & !scene.Hits(scene.Address) & ofLevel,
                scene.CpuKeepsTranslation(TlbCommandKind.InvalidatePage, level, fetch));
        }
    }

    // The front array does not know whose its entries are: they are of whoever was current.
    private static IEnumerable<ProofStep> DroppedInFront(TlbScene scene)
    {
        var dropped = scene.Invalidates();
        var address = scene.AnyWord("front.address");
        var isCurrent = scene.PcidOf(scene.Translation).Is(scene.Current) | scene.IsGlobal;
        foreach (var kind in Kinds)
        {
            foreach (int level in (int[])[1, 2, 3])
            {
                var given = scene.IsKind(kind) & IsOfLevel(scene, scene.Translation, level)
                    & scene.Hits(address) & scene.IsCanonical(address) & isCurrent;
                bool isMove = kind is TlbCommandKind.MoveCr0 or TlbCommandKind.MoveCr3 or TlbCommandKind.MoveCr4;
                yield return new(
                    $"{kind} of level {level} in front",
                    isMove ? given : given & dropped.Translation,
                    !scene.CpuKeepsFront(kind, level, address));
            }
        }
    }

    private static Fact IsOfLevel(TlbScene scene, LiftedValue entry, int level) =>
        scene.WordOf(entry, "Level").Is((ulong)level);
}
