namespace PageProof.SmtModels.Theorems;

/// <summary>
/// One obligation of a proof: wherever the assumptions hold, the claim does. The assumptions are shown
/// to be satisfiable first, so that no claim holds for want of a case.
/// </summary>
/// <param name="Name">A word or two, such as "outcome".</param>
/// <param name="Assumptions">What is taken for granted.</param>
/// <param name="Claim">What follows.</param>
public sealed record ProofStep(string Name, Fact Assumptions, Fact Claim)
{
    /// <summary>
    /// For a lemma that says more than is needed: what is needed itself, slower to prove. It decides
    /// where the lemma is not proved.
    /// </summary>
    public ProofStep? Otherwise { get; init; }

    /// <summary>
    /// The same claim case by case, for a claim that is too slow whole, and the step that no case is
    /// left out.
    /// </summary>
    public IEnumerable<ProofStep> Split(params (string Name, Fact Condition)[] cases)
    {
        yield return new($"{Name}.cases", Assumptions, cases.Select(each => each.Condition).Aggregate((a, b) => a | b));
        foreach (var (name, condition) in cases)
        {
            yield return new($"{Name}.{name}", Assumptions & condition, Claim);
        }
    }
}
