using PageProof.Contract;
using PageProof.SmtModels;
using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Prove;

/// <summary>Chooses theorems by what a command line calls them.</summary>
public static class ProofSelection
{
    private const char Prime = '\'';

    /// <summary>
    /// All, or those that are named: "tlb" is a domain, "B" a group, "B2" a theorem with its witnesses, "B2'"
    /// a witness.
    /// </summary>
    /// <exception cref="UserError">A name is none of these.</exception>
    public static IReadOnlyList<ProofTask> Of(IReadOnlyList<string> names)
    {
        var unknown = names.FirstOrDefault(name => !TheoremList.All.Any(task => IsCalled(task, name)));
        return unknown is not null
            ? throw new UserError($"There is no theorem, group or domain '{unknown}': prove --list shows them all.")
            : [.. TheoremList.All.Where(task => names.Count == 0 || names.Any(name => IsCalled(task, name)))];
    }

    private static bool IsCalled(ProofTask task, string name) =>
        name.Equals(task.Domain, StringComparison.OrdinalIgnoreCase)
        || name.Equals(task.Group, StringComparison.OrdinalIgnoreCase)
        || name.Equals(task.Name, StringComparison.OrdinalIgnoreCase)
        || name.Equals(task.Name.TrimEnd(Prime), StringComparison.OrdinalIgnoreCase);
}
