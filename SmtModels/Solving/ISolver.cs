namespace PageProof.SmtModels.Solving;

/// <summary>Decides goals.</summary>
public interface ISolver : IDisposable
{
    /// <summary>Name and version, for reports.</summary>
    string Name { get; }

    /// <summary>
    /// Decides a goal within a time limit. A model that is given was checked by evaluation. What keeps
    /// the solver from answering at all is a <see cref="SolverException"/>.
    /// </summary>
    SolverAnswer Solve(Goal goal, TimeSpan limit);
}
