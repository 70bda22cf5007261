using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Hardening;

/// <summary>H1 to H3: PCIDs and top tables come in pairs that are told apart by a bit, and never mistaken.</summary>
internal static class KptiWordTheorems
{
    private static readonly CodeTasks<KptiScene> Tasks = new("hardening", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "H1",
            "The PCIDs of the kernel and of users are all different, none is 0, and each fits into twelve bits.",
            scene => [Different(scene, scene.AnyAsid("one"), scene.AnyAsid("other"))]),
        Tasks.Witness(
            "H1'",
            "So they are with one ASID more.",
            scene =>
            {
                var (one, other) = (scene.AnyWord("one"), scene.AnyWord("other"));
                scene.Assume(one.IsWithin(0, 2047) & other.IsWithin(0, 2047));
                return Different(scene, one, other);
            }),
        Tasks.Theorem(
            "H2",
            "The Implementation makes the words of page-table isolation that the Spec says.",
            scene => Agreed(scene, scene.AnyPair("top"))),
        Tasks.Witness(
            "H2'",
            "So it does for a word that is no address of a table.",
            scene => Agreed(scene, scene.AnyWord("top")).Single(step => step.Name == "operand")),
        Tasks.Theorem(
            "H3",
            "From CR3 of either side that of the other is made by two bits, and the fields of CR3 never meet.",
            scene => Paired(scene, scene.AnyPair("top"), scene.AnyPair("other.top"))),
        Tasks.Witness(
            "H3'",
            "So it is also for top tables that do not lie in a pair of 8 KiB.",
            scene =>
            {
                Word one = scene.AnyWord("top") & KptiScene.Frame, other = scene.AnyWord("other.top") & KptiScene.Frame;
                return Paired(scene, one, other).Single(step => step.Name == "one each");
            }),
    ];

    private static ProofStep Different(KptiScene scene, Word one, Word other)
    {
        Word kernel = scene.KernelPcid(one), otherKernel = scene.KernelPcid(other);
        Word user = scene.UserPcid(one), otherUser = scene.UserPcid(other);
        return new(
            "different",
            scene.True,
            kernel.Is(otherKernel).Iff(one.Is(other)) & user.Is(otherUser).Iff(one.Is(other))
                & !kernel.Is(otherUser) & !kernel.Is(0) & !user.Is(0)
                & kernel.HasNone(~KptiScene.PcidBits) & user.HasNone(~KptiScene.PcidBits));
    }

    private static IEnumerable<ProofStep> Agreed(KptiScene scene, Word top)
    {
        Word asid = scene.AnyAsid("asid"), pcid = scene.AnyWord("pcid"), word = scene.AnyWord("word");
        var keeps = scene.AnyFact("keeps");
        scene.Assume(pcid.IsWithin(0, KptiScene.PcidBits));
        yield return Same("kernel PCID", scene.KernelPcid(asid), Spec("kernelPcid", ("asid", asid.Bits(15, 0))));
        yield return Same("user PCID", scene.UserPcid(asid), Spec("userPcid", ("asid", asid.Bits(15, 0))));
        yield return Same("user table", scene.UserTop(top), Spec("userTop", ("kernelTop", top)));
        yield return Same("kernel table", scene.KernelTop(top), Spec("kernelTop", ("userTop", top)));
        yield return Same("entry", scene.Entered(word), Spec("entered", ("user", word)));
        yield return Same("copy", scene.KernelCopy(word), Spec("kernelCopy", ("entry", word)));
        yield return new(
            "operand",
            scene.True,
            scene.Operand(top, pcid, keeps).Is(scene.WordOf(
                scene.Run(
                    "hardening.spec.operand",
                    ("top", CodeScene.Value(top)), ("pcid", CodeScene.Value(pcid.Bits(15, 0))),
                    ("keeps", scene.Value(keeps))),
                "Value")));

        Word Spec(string name, (string Parameter, Word Value) argument) => scene.WordOf(
            scene.Run($"hardening.spec.{name}", (argument.Parameter, CodeScene.Value(argument.Value))), "Value");

        ProofStep Same(string name, Word word, Word spec) => new(name, scene.True, word.Is(spec.Widened(64)));
    }

    private static IEnumerable<ProofStep> Paired(KptiScene scene, Word top, Word otherTop)
    {
        var asid = scene.AnyAsid("asid");
        var keeps = scene.AnyFact("keeps");
        Word userTop = scene.UserTop(top), pcid = scene.UserPcid(asid);
        yield return new(
            "one each",
            scene.True,
            scene.KernelTop(userTop).Is(top) & userTop.Is(scene.UserTop(otherTop)).Iff(top.Is(otherTop))
                & !userTop.Is(otherTop));
        var operand = scene.Operand(userTop, pcid, keeps);
        yield return new(
            "fields",
            scene.True,
            (operand & KptiScene.Frame).Is(userTop) & (operand & KptiScene.PcidBits).Is(pcid)
                & operand.HasAny(KptiScene.KeepBit).Iff(keeps)
                & operand.HasNone(~(KptiScene.Frame | KptiScene.PcidBits | KptiScene.KeepBit)));
        yield return new(
            "entered",
            scene.True,
            scene.Entered(operand).Is(scene.Operand(top, scene.KernelPcid(asid), keeps)));
    }
}
