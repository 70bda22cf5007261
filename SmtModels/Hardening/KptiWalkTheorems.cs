using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.SmtModels.Theorems;
using PageProof.SmtModels.Tlb;

namespace PageProof.SmtModels.Hardening;

/// <summary>H4 to H6: what a walk from either table of a pair reaches, and that a flush reaches both PCIDs.</summary>
internal static class KptiWalkTheorems
{
    private const ulong HighestBit = 1UL << 63;

    private static readonly int[] Depths = [4, 5];
    private static readonly CodeTasks<KptiWalkScene> Tasks = new("hardening", subject => new(subject));
    private static readonly CodeTasks<TlbScene> OfFlushes = new("hardening", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "H4",
            "In the kernel nothing of the user's half can be fetched, whatever the tables below say.",
            scene => Depths.Select(levels => Poisoned(scene, levels, scene.KernelCopy(scene.AnyWord("entry"))))),
        Tasks.Witness(
            "H4'",
            "So it is when the kernel's table has the user's own entry.",
            scene => Poisoned(scene, 4, scene.AnyWord("entry"))),
        Tasks.Theorem(
            "H5",
            "In user mode an address of the kernel outside the entry set is not present, whatever the access.",
            scene => Depths.Select(levels => Hidden(scene, levels, ofUser: true))),
        Tasks.Witness(
            "H5'",
            "So it is also while CR3 is the kernel's.",
            scene => Hidden(scene, 4, ofUser: false)),
        OfFlushes.Theorem(
            "H6",
            "INVLPG in the kernel and INVPCID of the address for the user's PCID leave a user page under neither.",
            scene => [Flushed(scene, both: true)]),
        OfFlushes.Witness(
            "H6'",
            "INVLPG in the kernel alone leaves a user page under neither PCID.",
            scene => Flushed(scene, both: false)),
    ];

    private static ProofStep Poisoned(KptiWalkScene scene, int levels, Word copy)
    {
        var cr3 = scene.Cr3(ofUser: false);
        return new(
            $"{levels} levels",
            scene.Memory[scene.EntryIn(scene.Top, levels)].Is(copy) & scene.Address.HasNone(HighestBit)
                & scene.WordOf(scene.Access, "Kind").Is((ulong)AccessKind.Fetch)
                & scene.WordOf(scene.Control(levels, cr3), "Efer").HasAny((ulong)Efer.NoExecuteEnable),
            !scene.Ends(scene.Walk(levels, cr3), OutcomeKind.Translated));
    }

    // The user's top table has no entry for the address: it is outside the entry set.
    private static ProofStep Hidden(KptiWalkScene scene, int levels, bool ofUser)
    {
        const ulong Told = (ulong)(PageFaultCode.Present | PageFaultCode.Reserved);
        var at = scene.EntryIn(scene.UserTop(scene.Top), levels);
        var end = scene.Walk(levels, scene.Cr3(ofUser));
        int width = 12 + 9 * levels;
        return new(
            $"{levels} levels",
            scene.Memory[at].HasNone((ulong)EntryBit.Present) & at.IsBelow(scene.MemorySize)
                & scene.Address.HasAny(HighestBit)
                & scene.Address.Bits(width - 1, 0).SignWidened(64).Is(scene.Address),
            scene.Ends(end, OutcomeKind.PageFault) & scene.WordOf(end, "Code").HasNone(Told));
    }

    // The CPU is in the kernel of an address space; the translation is the kernel's or the user's.
    private static ProofStep Flushed(TlbScene scene, bool both)
    {
        var asid = scene.AnyWord("asid");
        var kernel = scene.WordOf(scene.Run("hardening.kernelPcid", ("asid", CodeScene.Value(asid))));
        var user = scene.WordOf(scene.Run("hardening.userPcid", ("asid", CodeScene.Value(asid))));
        scene.Assume(asid.IsWithin(0, Contract.Hardening.Asid.Most) & scene.HasPcids);
        scene.Assume(scene.Current.Widened(64).Is(kernel) & scene.IsKind(TlbCommandKind.InvalidatePage)
            & scene.IsCanonical(scene.Address));
        var named = scene.Command
            .With(["Kind"], scene.Value((ulong)TlbCommandKind.InvalidatePcid, 8))
            .With(["Type"], scene.Value((ulong)InvpcidType.IndividualAddress, 64))
            .With(["Descriptor", "Low"], CodeScene.Value(user))
            .With(["Descriptor", "Address"], scene.Command.At("Address"));
        Dropped byAddress = scene.Invalidates(), byPcid = scene.Invalidates(named);
        var pcid = scene.PcidOf(scene.Translation).Widened(64);
        return new(
            "flushed",
            scene.Hits(scene.Address) & !scene.IsGlobal & (pcid.Is(kernel) | pcid.Is(user)),
            both ? byAddress.Translation | byPcid.Translation : byAddress.Translation);
    }
}
