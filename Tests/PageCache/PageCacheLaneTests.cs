using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.PageCache;

namespace PageProof.Tests.PageCache;

/// <summary>The laws of the page cache with few and fixed sequences: what is run for each mutant.</summary>
[InLane("pagecache")]
public sealed class PageCacheLaneTests
{
    private const int Cases = 800;

    [Fact]
    public void The_laws_of_the_page_cache_hold_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in PageCacheLaws.RunAll(implementation, 7, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }
}
