using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.AddressSpaces;

/// <summary>The theorems of address spaces and their witnesses, in the order of the list.</summary>
public static class AddressSpaceTheorems
{
    /// <summary>Theorems of group D, each followed by the witnesses that belong to it.</summary>
    public static IReadOnlyList<ProofTask> All { get; } =
        [.. TheoremList.InOrder(SharingTheorems.All.Concat(AreaTheorems.All))];
}
