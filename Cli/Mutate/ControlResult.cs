namespace PageProof.Cli.Mutate;

/// <summary>
/// Whether the runner is to be believed: of the control subject, every mutant that only adds or drops
/// the equality of a comparison is equivalent and has to survive, and every other has to die.
/// </summary>
public sealed record ControlResult(MutationResult Result)
{
    /// <summary>The mutants that met another fate than they must.</summary>
    public IReadOnlyList<Mutant> Wrong { get; } = [.. Result.Mutants.Where(
        mutant => IsEquivalent(mutant) != (mutant.Fate == MutantFate.Survived))];

    /// <summary>How many had to survive.</summary>
    public int Equivalent => Result.Mutants.Count(IsEquivalent);

    /// <summary>How many had to die.</summary>
    public int Deadly => Result.Mutants.Count - Equivalent;

    /// <summary>All met their fate, and there were some of both sorts.</summary>
    public bool Holds => Wrong.Count == 0 && Equivalent > 0 && Deadly > 0;

    private static bool IsEquivalent(Mutant mutant) =>
        mutant.Mutation.Split(" → ") is [var before, var after]
        && before != after && WithoutEquality(before) == WithoutEquality(after);

    private static string WithoutEquality(string comparison) => comparison
        .Replace(">=", ">", StringComparison.Ordinal).Replace("<=", "<", StringComparison.Ordinal);
}
