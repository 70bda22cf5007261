using PageProof.Contract.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>An access as terms.</summary>
public sealed class AccessTerms(PagingScene scene, LiftedValue value)
{
    /// <summary>The value that a lifted method is given.</summary>
    public LiftedValue Value { get; } = value;

    public Word Address => scene.WordOf(Value.At("Address", "Value"));

    public Word Kind => scene.WordOf(Value.At("Kind"));

    public Word Cpl => scene.WordOf(Value.At("Cpl"));

    public Fact AlignmentCheck => !scene.WordOf(Value.At("AlignmentCheck")).Is(0);

    public Fact Implicit => !scene.WordOf(Value.At("Implicit")).Is(0);

    public Fact StackSegment => !scene.WordOf(Value.At("StackSegment")).Is(0);

    /// <summary>Made by a program at CPL 3.</summary>
    public Fact IsUserMode => Cpl.Is((ulong)PrivilegeLevel.Ring3) & !Implicit;

    public Fact IsRead => IsOf(AccessKind.Read);

    public Fact IsFetch => IsOf(AccessKind.Fetch);

    /// <summary>A write, to a shadow stack or elsewhere.</summary>
    public Fact IsWrite => IsOf(AccessKind.Write) | IsOf(AccessKind.ShadowStackWrite);

    public Fact IsShadowStack => IsOf(AccessKind.ShadowStackRead) | IsOf(AccessKind.ShadowStackWrite);

    /// <summary>What the type of a field promises, where the field has room for more.</summary>
    public Fact IsWellFormed =>
        Kind.IsWithin(0, (ulong)AccessKind.ShadowStackWrite) & Cpl.IsWithin(0, (ulong)PrivilegeLevel.Ring3);

    /// <summary>
    /// What Contract says of implicit accesses and of those through SS: ordinary reads and writes, and
    /// not both at once.
    /// </summary>
    public Fact IsOfRealProcessor =>
        ((!Implicit & !StackSegment) | IsRead | IsOf(AccessKind.Write)) & !(Implicit & StackSegment);

    public Fact IsOf(AccessKind kind) => Kind.Is((ulong)kind);

    public AccessTerms WithAddress(Word address) => With(address, "Address", "Value");

    public AccessTerms WithAlignmentCheck(Fact set) => With(Flag(set), "AlignmentCheck");

    private Word Flag(Fact set) => set.Choose(scene.Number(1, 8), scene.Number(0, 8));

    private AccessTerms With(Word word, params string[] path) =>
        new(scene, Value.With(path, Lifter.OfScalar(word.Term)));
}
