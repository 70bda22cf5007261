using PageProof.SmtModels.AddressSpaces;
using PageProof.SmtModels.Frames;
using PageProof.SmtModels.Hardening;
using PageProof.SmtModels.Paging;
using PageProof.SmtModels.Swap;
using PageProof.SmtModels.Theorems;
using PageProof.SmtModels.Tlb;

namespace PageProof.SmtModels;

/// <summary>All theorems and their witnesses, domain by domain.</summary>
public static class TheoremList
{
    /// <summary>Each theorem, followed by the witnesses that belong to it.</summary>
    public static IReadOnlyList<ProofTask> All { get; } =
    [
        .. PagingTheorems.All,
        .. TlbTheorems.All,
        .. AddressSpaceTheorems.All,
        .. FrameTheorems.All,
        .. HardeningTheorems.All,
        .. AslrTheorems.All,
        .. SwapTheorems.All,
    ];

    /// <summary>Tasks by group, and within it by number, a theorem before its witnesses.</summary>
    public static IEnumerable<ProofTask> InOrder(IEnumerable<ProofTask> tasks) => tasks
        .OrderBy(task => task.Group, StringComparer.Ordinal)
        .ThenBy(task => int.Parse(task.Name.Trim('\'')[1..]))
        .ThenBy(task => task.Name.Length);
}
