using PageProof.Contract.Paging;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>B5: what the manual calls ignored decides neither a fault nor an address.</summary>
internal static class IgnoredBitsTheorems
{
    // 11:9 and 58:52; A, PWT and PCD.
    private const ulong Always = 0x07F0_0000_0000_0E00
        | (ulong)(EntryBit.Accessed | EntryBit.WriteThrough | EntryBit.CacheDisable);

    private const ulong KeyBits = 0x7800_0000_0000_0000;

    public static IEnumerable<ProofTask> All =>
    [
        PagingTasks.AtEachDepth(
            "B5",
            "Ignored bits decide neither fault nor address: A, D, PWT, PCD, G, 11:9, 58:52, key bits that are no key.",
            Steps),
        PagingTasks.Witness(
            "B5'",
            "The key bits of a leaf decide nothing, also while keys are on.",
            (scene, depth) => Flipped(scene, depth, "key", scene.Number(KeyBits), scene.True)),
    ];

    private static IEnumerable<ProofStep> Steps(PagingScene scene, Depth depth)
    {
        var control = depth.Control;
        var path = scene.Path(depth);
        var at = ChangedAddress(scene);

        // AMD reserves G above the PDPT; D makes a shadow stack under CET; a leaf has a key under PKE.
        var isNoLeaf = path.IsComplete & !at.Is(path.LeafAddress);
        var ignored = scene.Number(Always)
            | Where(!control.IsAmd, (ulong)EntryBit.Global)
            | Where(!control.Has(Cr4.ControlFlowEnforcement), (ulong)EntryBit.Dirty)
            | Where(isNoLeaf | !control.Has(Cr4.ProtectionKeys), KeyBits);
        yield return Flipped(scene, depth, "any entry", ignored, scene.True);

        // Bit 7 of a page table's entry, where no other level reads the same word.
        var isOnlyPte = path.IsCompleteAt(1) & at.Is(path.Address(1))
            & path.All(level => level == 1 ? scene.True : !at.Is(path.Address(level)));
        yield return Flipped(
            scene, depth, "pat of a small page", scene.Number((ulong)EntryBit.PatOfSmallPage), isOnlyPte);

        var isAbsent = scene.Memory[at].HasNone((ulong)EntryBit.Present);
        yield return Flipped(scene, depth, "absent", scene.Number(~(ulong)EntryBit.Present), isAbsent);

        Word Where(Fact condition, ulong bits) => condition.Choose(scene.Number(bits), scene.Number(0));
    }

    private static ProofStep Flipped(PagingScene scene, Depth depth, string name, Word ignored, Fact given)
    {
        var at = ChangedAddress(scene);
        var entry = scene.Memory[at] ^ (scene.AnyWord("changed.bits") & ignored);
        return new(
            name,
            given,
            scene.Walk(depth).LeadsWhere(scene.Walk(scene.Memory.With(at, entry), depth.Control, scene.Access)));
    }

    private static Word ChangedAddress(PagingScene scene) => scene.AnyWord("changed.address");
}
