using PageProof.Contract.Hardening;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Hardening;

/// <summary>Any request for a layout, and what the Implementation makes of it.</summary>
public sealed class AslrScene : CodeScene
{
    private const string LayoutMethod = "aslr.layout";

    public AslrScene(ProofSubject subject)
        : base(subject)
    {
        Request = Any(LayoutMethod, "request");
        Assume(Of("Level").IsWithin(0, (ulong)AslrLevel.Full)
            & Of("Kind").IsWithin(0, (ulong)AddressSpaceKind.Bits32Of3GiB)
            & Of("Program").IsWithin(0, (ulong)ProgramKind.StaticPositionIndependent));
    }

    /// <summary>The request.</summary>
    public LiftedValue Request { get; private set; }

    /// <summary>A member of the request.</summary>
    public Word Of(params string[] path) => WordOf(Request, path);

    /// <summary>From now on the request is any of this kind of address space.</summary>
    public void Fix(AddressSpaceKind kind) =>
        Request = Any(LayoutMethod, "request").With(["Kind"], Value((ulong)kind, 8));

    /// <summary>From now on its mappings go up, or down.</summary>
    public void FixDirection(bool isLegacy) => Request = Request.With(["IsLegacy"], Value(isLegacy ? 1UL : 0, 8));

    /// <summary>From now on it says this how its program lies.</summary>
    public void Fix(ProgramKind program) => Request = Request.With(["Program"], Value((ulong)program, 8));

    /// <summary>The same request with another word for a region.</summary>
    public LiftedValue With(string region, Word word) =>
        Request.With(["Draws", region, "Value"], Value(word));

    /// <summary>The same request with another size.</summary>
    public LiftedValue WithSize(string member, ulong size) =>
        Request.With([member, "Value"], Value(size, 64));

    /// <summary>What a method of the Implementation makes of a request.</summary>
    public Word Ask(string method, LiftedValue request) => WordOf(Run(method, ("request", request)));

    /// <summary>The layout of a request.</summary>
    public LiftedValue Layout(LiftedValue request) => Run(LayoutMethod, ("request", request));

    /// <summary>The layout of a request by the Spec.</summary>
    public LiftedValue SpecLayout(LiftedValue request) => Run("aslr.spec.layout", ("request", request));

    /// <summary>The Spec promises something of the request.</summary>
    public Fact MayBeAsked(LiftedValue request) => Says("aslr.spec.mayBeAsked", ("request", request));

    /// <summary>A size of the request.</summary>
    public Word Size(string member) => Of(member, "Value");
}
