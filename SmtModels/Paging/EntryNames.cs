using PageProof.Contract.Paging;

namespace PageProof.SmtModels.Paging;

/// <summary>How the manual calls the entries of a walk.</summary>
internal static class EntryNames
{
    public static int LevelsOf(in ControlState control) => control.Cr4.HasFlag(Cr4.FiveLevelPaging) ? 5 : 4;

    public static string Of(int level) => level switch
    {
        5 => "PML5E",
        4 => "PML4E",
        3 => "PDPTE",
        2 => "PDE",
        _ => "PTE",
    };
}
