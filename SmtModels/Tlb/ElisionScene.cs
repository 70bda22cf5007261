using PageProof.Contract.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Tlb;

/// <summary>
/// A leaf that was cached and another that is there now, below the same upper entries, with any registers, and
/// any access that may use either.
/// </summary>
public sealed class ElisionScene : CodeScene
{
    private const string MayStayCachedMethod = "pagetables.elidable";
    private const string RightsOf = "paging.spec.rightsOf";
    private const string RightsPermit = "paging.spec.rightsPermit";
    private const string KeyPermits = "paging.spec.keyPermits";
    private const string KeyOf = "paging.spec.keyOf";
    private const string TypeOf = "paging.spec.typeOf";
    private const string InPage = "paging.spec.inPage";

    public ElisionScene(ProofSubject subject)
        : base(subject)
    {
        Control = Any(RightsPermit, "control");
        Access = Any(RightsPermit, "access");
        Stale = Any(MayStayCachedMethod, "stale");
        Now = Any(MayStayCachedMethod, "now");
        Assume(WordOf(Access, "Kind").IsWithin(0, (ulong)AccessKind.ShadowStackWrite));
        Assume(WordOf(Access, "Cpl").IsWithin(0, (ulong)PrivilegeLevel.Ring3));
        Assume(WordOf(Stale).HasAny((ulong)EntryBit.Present) & WordOf(Now).HasAny((ulong)EntryBit.Present));
    }

    public LiftedValue Control { get; }

    public LiftedValue Access { get; }

    /// <summary>The leaf that is cached.</summary>
    public LiftedValue Stale { get; }

    /// <summary>The leaf that is in the table.</summary>
    public LiftedValue Now { get; }

    /// <summary>A page that is read-only and dirty is no shadow stack.</summary>
    public Fact HasNoShadowStacks => WordOf(Control, "Cr4").HasNone((ulong)Cr4.ControlFlowEnforcement);

    /// <summary>Both leaves have the same protection key.</summary>
    public Fact HasOneKey => ((WordOf(Stale) ^ WordOf(Now)) >> 59 & 0xF).Is(0);

    /// <summary>The Implementation lets the leaf stay cached.</summary>
    public Fact MayStayCached => Says(MayStayCachedMethod, ("stale", Stale), ("now", Now));

    /// <summary>Whatever the stale leaf permits, the leaf that is there permits too, in the same place.</summary>
    public ProofStep Sound(string name, int level, Fact given)
    {
        var (stale, now) = (Judged(Stale, level), Judged(Now, level));
        var isWrite = WordOf(Access, "Kind").Is((ulong)AccessKind.Write)
            | WordOf(Access, "Kind").Is((ulong)AccessKind.ShadowStackWrite);
        return new(
            name,
            given & stale.Permits,
            now.Permits & stale.Place.Is(now.Place) & stale.Type.Is(now.Type)
                & (isWrite & IsDirty(Stale)).Implies(IsDirty(Now)));
    }

    /// <summary>By the Spec no flush is owed, when the one leaf has become the other.</summary>
    public Fact IsAgreed(int level) => Says(
        TlbMethods.Agrees, ("cached", MappingOf(Stale, level)), ("now", MappingOf(Now, level)));

    private LiftedValue MappingOf(LiftedValue leaf, int level)
    {
        var judged = Judged(leaf, level);
        return Any(TlbMethods.Agrees, "cached", "mapping")
            .With(["Present"], Value(True))
            .With(["Frame", "Value"], Value(judged.Place & ~((1UL << 12 + 9 * (level - 1)) - 1)))
            .With(["Size"], Value((ulong)(12 + 9 * (level - 1)), 8))
            .With(["Type"], Value(judged.Type))
            .With(["Rights"], Value(judged.Rights))
            .With(["Dirty"], Value(IsDirty(leaf)));
    }

    private (Fact Permits, Word Place, Word Type, Word Rights) Judged(LiftedValue leaf, int level)
    {
        var levelOf = Value((ulong)level, 32);
        var user = AnyFact("user.above") & WordOf(leaf).HasAny((ulong)EntryBit.User);
        var execute = AnyFact("execute.above") & WordOf(leaf).HasNone((ulong)EntryBit.ExecuteDisable);
        var rights = Run(
            RightsOf,
            ("control", Control), ("writableAbove", Value(AnyFact("writable.above"))), ("user", Value(user)),
            ("execute", Value(execute)), ("leaf", leaf));
        var key = Run(KeyOf, ("control", Control), ("leaf", leaf));
        var permits = Says(RightsPermit, ("control", Control), ("access", Access), ("rights", rights))
            & Says(KeyPermits, ("control", Control), ("access", Access), ("rights", rights), ("key", key));
        var place = Run(InPage, ("leaf", leaf), ("address", Access.At("Address")), ("level", levelOf));
        var type = Run(TypeOf, ("control", Control), ("leaf", leaf), ("level", levelOf));
        return (permits, WordOf(place, "Value"), WordOf(type), WordOf(rights));
    }

    private Fact IsDirty(LiftedValue leaf) => WordOf(leaf).HasAny((ulong)EntryBit.Dirty);
}
