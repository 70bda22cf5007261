namespace PageProof.SmtModels.Paging;

/// <summary>The names by which the compiled methods of paging are found.</summary>
public static class PagingMethods
{
    public const string SpecWalk = "paging.spec.walk";
    public const string SpecPermits = "paging.spec.permits";
    public const string IsCanonical = "paging.spec.isCanonical";
    public const string EntryAddress = "paging.spec.entryAddress";
    public const string IsLeaf = "paging.spec.isLeaf";
    public const string IsReserved = "paging.spec.isReserved";

    /// <summary>The optimized walk of so many levels.</summary>
    public static string ImplementationWalk(int levels) => levels == 5 ? "paging.walk.five" : "paging.walk.four";
}
