using PageProof.Contract.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>The end of a walk as terms.</summary>
public sealed class OutcomeTerms(PagingScene scene, LiftedValue value)
{
    /// <summary>The value that a lifted method gave.</summary>
    public LiftedValue Value { get; } = value;

    public Word Kind => scene.WordOf(Value.At("Kind"));

    public Word Code => scene.WordOf(Value.At("Code"));

    public Word Address => scene.WordOf(Value.At("Address", "Value"));

    public Word FaultAddress => scene.WordOf(Value.At("FaultAddress", "Value"));

    public Word Size => scene.WordOf(Value.At("Size"));

    public Word Rights => scene.WordOf(Value.At("Rights"));

    public Word Global => scene.WordOf(Value.At("Global"));

    public Word Dirty => scene.WordOf(Value.At("Dirty"));

    public Word Key => scene.WordOf(Value.At("Key", "Value"));

    public Word Type => scene.WordOf(Value.At("Type"));

    public Fact Translates => Is(OutcomeKind.Translated);

    public Fact IsPageFault => Is(OutcomeKind.PageFault);

    public Fact IsNotCanonical => Is(OutcomeKind.GeneralProtection) | Is(OutcomeKind.StackFault);

    public Fact Is(OutcomeKind kind) => Kind.Is((ulong)kind);

    public Fact Tells(PageFaultCode flag) => Code.HasAny((ulong)flag);

    public Fact Gives(PageRights right) => Rights.HasAny((ulong)right);

    public Fact MapsPageOf(PageSize size) => Size.Is((ulong)size);

    /// <summary>The same fault or address, and the same rights and key; cached, global and dirty as may be.</summary>
    public Fact LeadsWhere(OutcomeTerms other) => EndsAs(other) & Size.Is(other.Size);

    /// <summary>As <see cref="LeadsWhere"/>, and the size of the page as may be.</summary>
    public Fact EndsAs(OutcomeTerms other) =>
        Kind.Is(other.Kind) & Code.Is(other.Code) & FaultAddress.Is(other.FaultAddress)
            & Address.Is(other.Address) & Rights.Is(other.Rights) & Key.Is(other.Key);

    /// <summary>All but the size of the page.</summary>
    public Fact IsButForSize(OutcomeTerms other) =>
        EndsAs(other) & Global.Is(other.Global) & Dirty.Is(other.Dirty) & Type.Is(other.Type);

    /// <summary>All but whether the page was written before.</summary>
    public Fact IsButForDirty(OutcomeTerms other) =>
        LeadsWhere(other) & Global.Is(other.Global) & Type.Is(other.Type);

    /// <summary>Everything.</summary>
    public Fact Is(OutcomeTerms other) => IsButForSize(other) & Size.Is(other.Size);
}
