using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>Who walks.</summary>
public enum Walker
{
    /// <summary>The specification.</summary>
    Spec,

    /// <summary>The optimized walker.</summary>
    Implementation,
}

/// <summary>A walk that was lifted: what it was given and how it ends.</summary>
/// <param name="Walker">Whose walk it is.</param>
/// <param name="Before">The memory that it was given.</param>
/// <param name="Control">The control state that it was given.</param>
/// <param name="Access">The access that it was given.</param>
/// <param name="Outcome">How it ends.</param>
/// <param name="After">The memory as it leaves it; the Spec leaves it as it was.</param>
public sealed record LiftedWalk(
    Walker Walker,
    Memory Before,
    ControlTerms Control,
    AccessTerms Access,
    OutcomeTerms Outcome,
    Memory After);

/// <summary>A question to the Spec whether a walk may leave a word so.</summary>
/// <param name="Before">The memory before the walk.</param>
/// <param name="Control">The control state of the walk.</param>
/// <param name="Access">The access of the walk.</param>
/// <param name="Address">Where the word lies.</param>
/// <param name="Left">What the walk left there.</param>
/// <param name="IsPermitted">The answer.</param>
public sealed record LiftedPermission(
    Memory Before, ControlTerms Control, AccessTerms Access, Word Address, Word Left, Fact IsPermitted);
