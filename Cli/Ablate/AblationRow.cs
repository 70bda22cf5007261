namespace PageProof.Cli.Ablate;

/// <summary>What each law alone says of one fault.</summary>
/// <param name="Name">The fault in a few words.</param>
/// <param name="File">The patch that makes it.</param>
/// <param name="Project">Whose sources it changes.</param>
/// <param name="Bug">The number of the bug that a real system had; null for a canary.</param>
/// <param name="Noticed">The laws that noticed, each with its case.</param>
public sealed record FaultRow(
    string Name, string File, string Project, int? Bug, IReadOnlyDictionary<string, long> Noticed)
{
    /// <summary>The fault, and of what kind it is where it is no canary of the Implementation.</summary>
    public string Title => Bug is { } number ? $"{Name} (bug {number})"
        : Project == AblationRun.Spec ? $"{Name} (of the Spec)"
        : Name;
}

/// <summary>What the laws of one domain are needed for.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Laws">The names of its laws, in the order in which they are put.</param>
/// <param name="Faults">What each law says of each fault.</param>
/// <param name="Cases">To how many cases a fault was put at most.</param>
/// <param name="Seed">The seed of the cases.</param>
/// <param name="Revision">The commit of the sources.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record AblationRow(
    string Domain,
    IReadOnlyList<string> Laws,
    IReadOnlyList<FaultRow> Faults,
    long Cases,
    ulong Seed,
    string Revision,
    double Seconds)
{
    /// <summary>The laws without which nothing escapes.</summary>
    public IEnumerable<string> Unneeded => Laws.Where(law => !OnlyBy(law).Any());

    /// <summary>The faults that no law notices in so many cases.</summary>
    public IEnumerable<FaultRow> Escaped => Faults.Where(fault => fault.Noticed.Count == 0);

    /// <summary>
    /// Every fault of the Implementation that was put in on purpose is noticed. A bug may need more cases; an error
    /// that the Spec shares may need real systems.
    /// </summary>
    public bool Holds => Escaped.All(fault => fault.Bug is not null || fault.Project == AblationRun.Spec);

    /// <summary>How many faults a law notices.</summary>
    public int Notices(string law) => Faults.Count(fault => fault.Noticed.ContainsKey(law));

    /// <summary>The faults that escape without a law.</summary>
    public IEnumerable<FaultRow> OnlyBy(string law) =>
        Faults.Where(fault => fault.Noticed.Count == 1 && fault.Noticed.ContainsKey(law));
}
