namespace Microsoft.Z3;

/// <summary>What a check has found.</summary>
public enum Status
{
    UNSATISFIABLE = -1,
    UNKNOWN = 0,
    SATISFIABLE = 1,
}
