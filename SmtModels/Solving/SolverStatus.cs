namespace PageProof.SmtModels.Solving;

/// <summary>What a solver has found.</summary>
public enum SolverStatus
{
    /// <summary>The assertions cannot all hold.</summary>
    Unsatisfiable,

    /// <summary>They hold under a model.</summary>
    Satisfiable,

    /// <summary>Neither was found.</summary>
    Unknown,
}
