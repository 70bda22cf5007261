using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.AddressSpaces;

/// <summary>
/// A frame with its counts and any one process that is watched, and an event: what every proof by induction over
/// copy-on-write begins with.
/// </summary>
public sealed class SharingScene : CodeScene
{
    private const string StepMethod = "sharing.step";
    private const string InvariantMethod = "sharing.invariant";

    public SharingScene(ProofSubject subject)
        : base(subject)
    {
        State = Any(StepMethod, "state");
        Event = Any(StepMethod, "happened");
        Prefer(new[] { "Shared", "Private", "Pins", "Lent", "Held" }
            .Select(count => Count(State, count).IsBelow(3)).Aggregate((a, b) => a & b));
    }

    /// <summary>The names of all events.</summary>
    public static IReadOnlyList<string> Events =>
    [
        "Take", "Bring", "LeaveCache", "Free", "Map", "Fork", "Protect", "Reuse", "Break", "Unmap", "MapShared",
        "UnmapShared", "Pin", "Unpin", "Hold", "Release", "Store", "Write", "Force", "DeviceWrite",
    ];

    /// <summary>The state before.</summary>
    public LiftedValue State { get; }

    /// <summary>What happens.</summary>
    public LiftedValue Event { get; }

    /// <summary>The invariant holds in a state.</summary>
    public Fact Invariant(LiftedValue state) => Says(InvariantMethod, ("state", state));

    /// <summary>The event is one of these.</summary>
    public Fact IsOf(params IEnumerable<string> kinds) => kinds
        .Select(kind => WordOf(Event, "Kind").Is(NumberOf("SharingEventKind", kind)))
        .Aggregate((a, b) => a | b);

    /// <summary>The frame is of one kind.</summary>
    public Fact IsFrame(LiftedValue state, string kind) => WordOf(state, "Kind").Is(NumberOf("FrameKind", kind));

    /// <summary>The event is done by the process that is watched.</summary>
    public Fact OfWatched => FactOf(Event, "OfWatched");

    /// <summary>What comes of the event.</summary>
    public LiftedValue Step() => Step(State, Event);

    /// <summary>What comes of an event in a state.</summary>
    public LiftedValue Step(LiftedValue state, LiftedValue happened) =>
        Run(StepMethod, ("state", state), ("happened", happened));

    /// <summary>The event may happen.</summary>
    public Fact IsPermitted(LiftedValue step) => WordOf(step, "Refusal").Is(0);

    /// <summary>A count of a state.</summary>
    public Word Count(LiftedValue state, string name) => WordOf(state, name);

    /// <summary>A truth of a state.</summary>
    public Fact Has(LiftedValue state, string name) => FactOf(state, name);

    /// <summary>A state with another truth.</summary>
    public LiftedValue With(LiftedValue state, string name, bool value) =>
        state.With([name], Value(value ? True : !True));

    /// <summary>A state with another count.</summary>
    public static LiftedValue With(LiftedValue state, string name, Word count) => state.With([name], Value(count));

    /// <summary>The event, of another kind.</summary>
    public LiftedValue As(string kind, bool ofWatched) => Event
        .With(["Kind"], Value(NumberOf("SharingEventKind", kind), WordOf(Event, "Kind").Width))
        .With(["OfWatched"], Value(ofWatched ? True : !True));
}
