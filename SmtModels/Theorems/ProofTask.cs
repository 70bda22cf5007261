namespace PageProof.SmtModels.Theorems;

/// <summary>Something to be put to a solver, as a list of steps about lifted code.</summary>
/// <param name="Name">How the lists call it, such as "B1".</param>
/// <param name="Statement">What it says, for a reader who does not know the code.</param>
/// <param name="Open">
/// Lifts what it speaks of, from the assemblies of a subject. Steps are made one by one as they are
/// asked for, so that what is not tried costs nothing.
/// </param>
public abstract record ProofTask(string Name, string Statement, Func<ProofSubject, Proof> Open)
{
    /// <summary>The domain of the code that it is about, such as "paging".</summary>
    public required string Domain { get; init; }

    /// <summary>The group of the list that it belongs to: the letter of its name.</summary>
    public string Group => Name[..1];
}

/// <summary>A statement that must be proved.</summary>
public sealed record Theorem(string Name, string Statement, Func<ProofSubject, Proof> Open)
    : ProofTask(Name, Statement, Open);

/// <summary>
/// A statement a little too strong, the twin of a theorem: it must be refuted, by a counterexample
/// that running the code confirms. It shows that the theorem beside it could have failed.
/// </summary>
public sealed record Witness(string Name, string Statement, Func<ProofSubject, Proof> Open)
    : ProofTask(Name, Statement, Open);

/// <summary>The steps of a proof, and the scene from which their terms are.</summary>
public sealed record Proof(ProofScene Scene, IEnumerable<ProofStep> Steps) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Scene.Dispose();
}
