using PageProof.Cli.Bugs;
using PageProof.Cli.Verify;
using PageProof.Mutation.Bugs;
using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Assurance;

/// <summary>Everything that the page tells.</summary>
/// <param name="Claims">What the Spec says.</param>
/// <param name="Done">What was put to laws, solvers and real systems, and what came of it.</param>
/// <param name="Tasks">The theorems and their witnesses.</param>
/// <param name="Bugs">What came of bugs that real systems had.</param>
/// <param name="Waiting">Bugs that wait for what is not built.</param>
public sealed record AssuranceData(
    IReadOnlyList<SpecClaim> Claims,
    Verification Done,
    IReadOnlyList<ProofTask> Tasks,
    BugReport Bugs,
    IReadOnlyList<WaitingBug> Waiting)
{
    /// <summary>Nothing was refuted, and every bug was found.</summary>
    public bool Holds => Done.Holds && Bugs.Holds;
}
