using PageProof.Contract.Paging;

namespace PageProof.Contract.PageTables;

/// <summary>Where a page leads, and how: what the leaf of a page says.</summary>
public readonly record struct PageMapping
{
    /// <summary>Where the page lies in memory, a multiple of its size.</summary>
    public PhysicalAddress Frame { get; init; }

    /// <summary>How large the page is.</summary>
    public PageSize Size { get; init; }

    /// <summary>What it permits: R/W, U/S and the absence of XD; a shadow stack is none of them.</summary>
    public PageRights Rights { get; init; }

    /// <summary>The index into IA32_PAT, 0 to 7: PAT, PCD and PWT from the highest bit to the lowest.</summary>
    public byte Caching { get; init; }

    /// <summary>The protection key, 0 to 15.</summary>
    public ProtectionKey Key { get; init; }

    /// <summary>G: the same in every address space.</summary>
    public bool Global { get; init; }

    /// <summary>A.</summary>
    public bool Accessed { get; init; }

    /// <summary>D.</summary>
    public bool Dirty { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"frame {Frame}, {PagingText.Of(Size)} {PagingText.Of(Rights)} caching {Caching} key {Key}"
        + (Global ? " global" : "") + (Accessed ? " accessed" : "") + (Dirty ? " dirty" : "");
}
