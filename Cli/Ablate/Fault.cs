using PageProof.Cli.Mutate;
using PageProof.Mutation.Bugs;
using PageProof.Mutation.Patches;

namespace PageProof.Cli.Ablate;

/// <summary>A small fault that the laws of its domain are put to: a canary, or a bug that a real system had.</summary>
/// <param name="Patch">The change of the sources.</param>
/// <param name="Bug">The number of the bug; null for a canary.</param>
public sealed record Fault(Patch Patch, int? Bug)
{
    /// <summary>The faults of a domain, bugs after canaries. What only a theorem refutes is not put to laws.</summary>
    public static IReadOnlyList<Fault> Of(string domain) =>
    [
        .. CanaryHunt.Patches(domain).Select(patch => new Fault(patch, null)),
        .. BugCatalogue.Read(ProjectSources.FindRoot()).Bugs
            .Where(bug => bug.Mode != BugMode.Theorem && bug.Patch.Domain == domain)
            .Select(bug => new Fault(bug.Patch, bug.Number)),
    ];
}
