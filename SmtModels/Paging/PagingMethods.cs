namespace PageProof.SmtModels.Paging;

/// <summary>The names by which the compiled methods of paging are found.</summary>
public static class PagingMethods
{
    public const string SpecWalk = "spec.paging.walk";
    public const string SpecPermits = "spec.paging.permits";
    public const string ImplementationWalk = "implementation.paging.walk";
    public const string IsCanonical = "spec.paging.is-canonical";
    public const string EntryAddress = "spec.paging.entry-address";
    public const string TopTable = "spec.paging.top-table";
    public const string NextTable = "spec.paging.next-table";
    public const string IsLeaf = "spec.paging.is-leaf";
    public const string IsReserved = "spec.paging.is-reserved";
}
