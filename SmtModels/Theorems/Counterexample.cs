namespace PageProof.SmtModels.Theorems;

/// <summary>A case in which a claim fails, as a solver found it.</summary>
/// <param name="Story">The case in words and numbers.</param>
/// <param name="Contradiction">
/// Where running the code on the case gave something else than the solver's model says; null when it
/// gave the same, which confirms the counterexample.
/// </param>
/// <param name="Cases">The same as texts to be kept as files, for other commands to read.</param>
public sealed record Counterexample(string Story, string? Contradiction, IReadOnlyList<string> Cases)
{
    /// <summary>Whether running the code shows what the solver's model promises.</summary>
    public bool IsConfirmed => Contradiction is null;
}
