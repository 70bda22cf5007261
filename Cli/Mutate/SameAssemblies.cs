using PageProof.Cli.Prove;
using PageProof.Contract;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Mutate;

/// <summary>Asks Z3 about a mutant that no test has noticed: it may be that there is nothing to notice.</summary>
public static class SameAssemblies
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Whether a changed assembly is proved to do in every case what the original does.</summary>
    public static bool IsProved(string original, string changed)
    {
        // What they refer to lies beside the tool.
        string contract = typeof(ISystem).Assembly.Location;
        try
        {
            using AssemblySet before = new(original, contract), after = new(changed, contract);
            using var solver = Solvers.Open(null);
            return SameMethods.AreProved(before, after, solver, Limit);
        }
        catch (SolverException)
        {
            return false;
        }
    }
}
