using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Hardening;

/// <summary>The theorems of hardening and their witnesses, in the order of the list.</summary>
public static class HardeningTheorems
{
    /// <summary>Theorems of group H, each followed by the witnesses that belong to it.</summary>
    public static IReadOnlyList<ProofTask> All { get; } =
        [.. TheoremList.InOrder(KptiWordTheorems.All.Concat(KptiWalkTheorems.All))];
}
