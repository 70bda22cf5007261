using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.PageTables;

namespace PageProof.Tests.PageTables;

/// <summary>The law of page tables with few and fixed sequences: what is run for each mutant.</summary>
[InLane("pagetables")]
public sealed class PageTableLaneTests
{
    private const int Cases = 3_000;

    [Fact]
    public void The_law_of_page_tables_holds_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in PageTableLaws.RunAll(implementation, 7, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }
}
