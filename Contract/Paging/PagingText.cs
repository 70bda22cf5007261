namespace PageProof.Contract.Paging;

/// <summary>The words by which the manuals name bits, for people to read.</summary>
public static class PagingText
{
    /// <summary>The flags of an error code, such as <c>P W/R U/S</c>; each as the manual spells it.</summary>
    public static string Of(PageFaultCode code)
    {
        string[] names = ["P", "W/R", "U/S", "RSVD", "I/D", "PK", "SS"];
        var set = names.Where((_, bit) => ((int)code >> bit & 1) != 0).ToArray();
        return set.Length == 0 ? "not present, supervisor read" : string.Join(' ', set);
    }

    /// <summary>Rights as three or four letters, such as <c>rwxu</c>: read, write, execute, user.</summary>
    public static string Of(PageRights rights) =>
        "r" + (rights.HasFlag(PageRights.Write) ? "w" : "-")
        + (rights.HasFlag(PageRights.Execute) ? "x" : "-")
        + (rights.HasFlag(PageRights.User) ? " user" : " supervisor")
        + (rights.HasFlag(PageRights.ShadowStack) ? " shadow-stack" : "");

    /// <summary>The size in the manual's units.</summary>
    public static string Of(PageSize size) => size switch
    {
        PageSize.Size4K => "4 KiB",
        PageSize.Size2M => "2 MiB",
        PageSize.Size1G => "1 GiB",
        _ => "no page",
    };

    /// <summary>The manual's short name of a memory type.</summary>
    public static string Of(MemoryType type) => type switch
    {
        MemoryType.Uncacheable => "UC",
        MemoryType.WriteCombining => "WC",
        MemoryType.WriteThrough => "WT",
        MemoryType.WriteProtected => "WP",
        MemoryType.WriteBack => "WB",
        MemoryType.UncachedMinus => "UC-",
        _ => $"reserved type {(int)type}",
    };

    internal static string Translated(in TranslationOutcome outcome) =>
        $"{outcome.Address}, {Of(outcome.Size)} {Of(outcome.Rights)}"
        + (outcome.Global ? " global" : "") + (outcome.Dirty ? " dirty" : "")
        + $" key {outcome.Key} {Of(outcome.Type)}";
}
