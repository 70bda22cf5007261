using PageProof.SmtModels.Solving;

namespace PageProof.Cli.Prove;

/// <summary>Opens the solver that a command line asks for.</summary>
public static class Solvers
{
    /// <summary>Z3 in this process, or the solver that the command starts.</summary>
    /// <exception cref="SolverException">There is none; the message says why.</exception>
    public static ISolver Open(string? command) => command is null ? new Z3Solver() : new ProcessSolver(command);
}
