using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Tlb;

/// <summary>
/// A state in which the invariant holds, an event, and the state after it: what every proof by induction
/// over the shootdown begins with. CPUs are the bits of masks, and there may be 32 of them.
/// </summary>
public sealed class ShootdownScene : CodeScene
{
    private const int CpusMax = 32;

    public ShootdownScene(ProofSubject subject)
        : base(subject)
    {
        State = Any(TlbMethods.ShootdownStep, "state");
        Event = Any(TlbMethods.ShootdownStep, "happened");
        Assume(WordOf(Event, "Cpu", "Value").IsBelow(CpusMax));
        Prefer(WordOf(Event, "Cpu", "Value").IsBelow(2) & Masks.Select(part => Mask(State, part).IsBelow(4))
            .Aggregate((a, b) => a & b));
    }

    /// <summary>The names of all masks.</summary>
    public static IReadOnlyList<string> Masks =>
    [
        "Loaded", "Active", "Cached", "Walks", "Upper", "Pending", "Skipped", "Asked", "Sent", "Delivered", "Flushed",
    ];

    /// <summary>The state before.</summary>
    public LiftedValue State { get; }

    /// <summary>What happens.</summary>
    public LiftedValue Event { get; }

    /// <summary>The CPU of the event, as a mask.</summary>
    public Word Cpu => Number(1, 32) << WordOf(Event, "Cpu", "Value").Widened(32);

    /// <summary>The invariant holds in a state.</summary>
    public Fact Invariant(LiftedValue state) => Says(TlbMethods.ShootdownInvariant, ("state", state));

    /// <summary>The event is of this kind.</summary>
    public Fact IsOf(string kind) => WordOf(Event, "Kind").Is(NumberOf("ShootdownEventKind", kind));

    /// <summary>What comes of the event.</summary>
    public LiftedValue Step() => Step(State);

    /// <summary>What comes of the event in another state.</summary>
    public LiftedValue Step(LiftedValue state) =>
        Run(TlbMethods.ShootdownStep, ("state", state), ("happened", Event));

    /// <summary>The event may happen.</summary>
    public Fact IsPermitted(LiftedValue step) => WordOf(step, "Refusal").Is(0);

    /// <summary>The event must not happen, for this reason.</summary>
    public Fact IsRefused(LiftedValue step, string why) =>
        WordOf(step, "Refusal").Is(NumberOf("ShootdownRefusal", why));

    /// <summary>A test of two mappings, by the Spec.</summary>
    public Fact Mappings(string method, LiftedValue one, LiftedValue other)
    {
        var (first, second) = method switch
        {
            TlbMethods.Agrees => ("cached", "now"),
            TlbMethods.MapsFrameOf => ("mapping", "other"),
            _ => ("one", "other"),
        };
        return Says(method, (first, one), (second, other));
    }

    /// <summary>The translation that is watched may be used, by what the tables give.</summary>
    public Fact IsCurrent(LiftedValue state) =>
        Mappings(TlbMethods.Agrees, state.At("Watched"), state.At("Given"));

    /// <summary>The tables map the frame of the translation that is watched.</summary>
    public Fact IsMapped(LiftedValue state) =>
        Mappings(TlbMethods.MapsFrameOf, state.At("Given"), state.At("Watched"));

    /// <summary>Who may hold the translation, cached or in a walk.</summary>
    public Word Held(LiftedValue state) => Mask(state, "Cached") | Mask(state, "Walks");

    /// <summary>The CPU of the event is in a mask.</summary>
    public Fact Has(LiftedValue state, string part) => !(Mask(state, part) & Cpu).Is(0);

    /// <summary>A state with another mask.</summary>
    public static LiftedValue With(LiftedValue state, string part, Word mask) =>
        state.With([part, "Bits"], Value(mask));

    /// <summary>The CPUs of a mask.</summary>
    public Word Mask(LiftedValue state, string part) => WordOf(state, part, "Bits");
}
