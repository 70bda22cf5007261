using PageProof.Contract.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Hardening;

/// <summary>
/// Any memory with a pair of top tables in it, any registers but for CR3, and any access: for walks from either
/// table.
/// </summary>
public sealed class KptiWalkScene : KptiScene
{
    private const string WalkMethod = "paging.spec.walk";

    public KptiWalkScene(ProofSubject subject)
        : base(subject)
    {
        Access = Any(WalkMethod, "access");
        Memory = new(Pool, Pool.Variable("memory", Sort.Memory));
        Top = AnyPair("top");
        Assume(WordOf(Access, "Kind").IsWithin(0, (ulong)AccessKind.ShadowStackWrite)
            & WordOf(Access, "Cpl").IsWithin(0, (ulong)PrivilegeLevel.Ring3));
        var control = Any(WalkMethod, "control");
        Assume(WordOf(control, "MaxPhyAddr", "Bits")
            .IsWithin(PhysicalAddressWidth.Least, PhysicalAddressWidth.Most)
            & WordOf(control, "Vendor").IsWithin(0, (ulong)Vendor.Amd));
    }

    public LiftedValue Access { get; }

    public Memory Memory { get; }

    /// <summary>The kernel's top table.</summary>
    public Word Top { get; }

    public Word Address => WordOf(Access, "Address", "Value");

    /// <summary>The registers, with so many levels and this CR3.</summary>
    public LiftedValue Control(int levels, Word cr3)
    {
        const ulong Five = (ulong)Cr4.FiveLevelPaging;
        var control = Any(WalkMethod, "control");
        var cr4 = WordOf(control, "Cr4");
        return control.With(["Cr3", "Value"], Value(cr3))
            .With(["Cr4"], Value(levels == 5 ? cr4 | Five : cr4 & ~Five));
    }

    /// <summary>CR3 in the kernel, or of the user.</summary>
    public Word Cr3(bool ofUser)
    {
        var asid = AnyAsid("asid");
        return ofUser
            ? Operand(UserTop(Top), UserPcid(asid), !True)
            : Operand(Top, KernelPcid(asid), !True);
    }

    /// <summary>Where the entry of a top table lies that serves the address.</summary>
    public Word EntryIn(Word table, int levels) => WordOf(
        Run(
            "paging.spec.entryAddress",
            ("table", Value(table)), ("address", Access.At("Address")), ("level", Value((ulong)levels, 32))),
        "Value");

    /// <summary>How a walk ends.</summary>
    public LiftedValue Walk(int levels, Word cr3) => Run(
        WalkMethod,
        ("control", Control(levels, cr3)), ("access", Access), ("memory", Lifter.OfMemory(Memory.Term)))
        .At("Outcome");

    public Fact Ends(LiftedValue outcome, OutcomeKind kind) => WordOf(outcome, "Kind").Is((ulong)kind);
}
