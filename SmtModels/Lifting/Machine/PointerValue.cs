using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>Where a location begins.</summary>
internal enum RootKind
{
    /// <summary>A local or an argument.</summary>
    Cell,

    /// <summary>An array, or data that never changes.</summary>
    Heap,
}

/// <summary>
/// One step into a value: to a field, or to an element whose index may depend on the variables.
/// </summary>
/// <param name="Owner">The structure with the field; null for an element.</param>
/// <param name="Field">The index of the field.</param>
/// <param name="Element">The index of the element, of 64 bits; null for a field.</param>
/// <param name="IsChecked">The index is an obligation already.</param>
internal readonly record struct PathStep(ClrType? Owner, int Field, Term? Element, bool IsChecked = false)
{
    public static PathStep ToField(ClrType owner, int field) => new(owner, field, null);

    public static PathStep ToElement(Term index, bool isChecked) => new(null, 0, index, isChecked);
}

/// <summary>A place in the state: a root, and the steps from there.</summary>
internal sealed class Location(RootKind kind, int root, params PathStep[] steps)
{
    public RootKind Kind { get; } = kind;

    public int Root { get; } = root;

    public IReadOnlyList<PathStep> Steps => steps;

    public Location Then(PathStep step) => new(Kind, Root, [.. steps, step]);

    public Location WithLast(PathStep step) => new(Kind, Root, [.. steps.AsSpan(..^1), step]);

    // Survivor: of two ways from one root to places of one type, neither is the beginning of the other.
    public bool HasSameRoot(Location other) =>
        Kind == other.Kind && Root == other.Root && steps.Length == other.Steps.Count;

    public bool IsSame(Location other) => HasSameRoot(other) && steps.AsSpan().SequenceEqual(other.Steps.ToArray());
}

/// <summary>One of the places at which a pointer may point.</summary>
/// <param name="Guard">When it does.</param>
/// <param name="Location">The place; null for none.</param>
internal readonly record struct Target(Term Guard, Location? Location);

/// <summary>A reference to a location or an array: exactly one of its guards holds.</summary>
internal sealed class PointerValue(params Target[] targets) : MachineValue
{
    public IReadOnlyList<Target> Targets => targets;

    public PointerValue Select(Func<Location, Location> move) =>
        new([.. targets.Select(one => one with { Location = one.Location is { } at ? move(at) : null })]);
}
