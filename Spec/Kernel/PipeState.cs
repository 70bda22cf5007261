using System.Collections.Immutable;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>A pipe: buffers, each of them a part of a page, the one that is read first in front.</summary>
/// <param name="Most">How many buffers it has room for.</param>
/// <param name="Buffers">The buffers that are not empty.</param>
public sealed record PipeState(int Most, ImmutableArray<PipeBuffer> Buffers);

/// <summary>Bytes of a page that are in a pipe.</summary>
/// <param name="Page">Whose page it is.</param>
/// <param name="Start">Which byte of the page comes first.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="TakesMore">Whether a write may put bytes behind them: only the pipe has the page.</param>
public sealed record PipeBuffer(PageSource Page, int Start, int Length, bool TakesMore)
{
    /// <summary>
    /// What was taken from a file was a page of zeros, perhaps none of the page cache's: then it stays zeros.
    /// </summary>
    public bool MayBeZeros { get; init; }
}

/// <summary>Whose page is in a pipe or pinned, and so who may still change its bytes.</summary>
public abstract record PageSource
{
    private PageSource()
    {
    }

    /// <summary>Nobody stores to it any more.</summary>
    public sealed record Kept(PageContent Content) : PageSource;

    /// <summary>A page of an object: what is stored to that is in the pipe, too.</summary>
    public sealed record OfObject(int Object, ulong Index) : PageSource;

    /// <summary>
    /// The private page that has this loan, of a process or of pins alone: what is stored to it is in the pipe, too.
    /// </summary>
    public sealed record OfProcess(int Loan) : PageSource;
}
