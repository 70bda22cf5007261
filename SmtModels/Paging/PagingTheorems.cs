using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>The theorems of paging and their witnesses, in the order of the list.</summary>
public static class PagingTheorems
{
    /// <summary>Theorems of group A and B, each followed by the witnesses that belong to it.</summary>
    public static IReadOnlyList<ProofTask> All { get; } =
    [
        .. TheoremList.InOrder(AddressTheorems.All
            .Concat(AgreementTheorems.All)
            .Concat(RightsTheorems.All)
            .Concat(FaultTheorems.All)
            .Concat(IgnoredBitsTheorems.All)
            .Concat(SplitTheorems.All)
            .Concat(MarkTheorems.All)
            .Concat(KeyTheorems.All)),
    ];
}
