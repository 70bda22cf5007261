using PageProof.Contract.Hardening;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Hardening;

/// <summary>The words of page-table isolation, as the Implementation makes them.</summary>
public class KptiScene(ProofSubject subject) : CodeScene(subject)
{
    /// <summary>The bits of CR3 that name a top table.</summary>
    public const ulong Frame = 0x000F_FFFF_FFFF_F000;

    /// <summary>The bits of CR3 that name a PCID.</summary>
    public const ulong PcidBits = 0xFFF;

    /// <summary>Of an operand of MOV to CR3: nothing is invalidated.</summary>
    public const ulong KeepBit = 1UL << 63;

    /// <summary>Of two top tables that lie side by side, the user's.</summary>
    public const ulong UserTable = 1UL << 12;

    /// <summary>An ASID of which both PCIDs fit.</summary>
    public Word AnyAsid(string name)
    {
        var asid = AnyWord(name);
        Assume(asid.IsWithin(0, Asid.Most));
        return asid;
    }

    /// <summary>Where the kernel's top table of a pair lies.</summary>
    public Word AnyPair(string name)
    {
        var top = AnyWord(name);
        Assume(top.HasNone(~Frame | UserTable));
        return top;
    }

    public Word KernelPcid(Word asid) => WordOf(Run("hardening.kernelPcid", ("asid", Value(asid))));

    public Word UserPcid(Word asid) => WordOf(Run("hardening.userPcid", ("asid", Value(asid))));

    public Word UserTop(Word top) => WordOf(Run("hardening.userTop", ("kernelTop", Value(top))));

    public Word KernelTop(Word top) => WordOf(Run("hardening.kernelTop", ("userTop", Value(top))));

    public Word Operand(Word top, Word pcid, Fact keeps) => WordOf(Run(
        "hardening.operand", ("top", Value(top)), ("pcid", Value(pcid)), ("keeps", Value(keeps))));

    public Word Entered(Word cr3) => WordOf(Run("hardening.entered", ("user", Value(cr3))));

    public Word KernelCopy(Word entry) => WordOf(Run("hardening.kernelCopy", ("entry", Value(entry))));
}
