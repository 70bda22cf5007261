using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>The laws of compressed stores with few and fixed sequences: what is run for each mutant.</summary>
[InLane("zswap")]
public sealed class CompressedLaneTests
{
    private const int Cases = 1_500;

    [Fact]
    public void The_laws_of_compressed_stores_hold_in_few_sequences()
    {
        Libraries.MustBeThere();
        using ImplementationSystem implementation = new();
        foreach (var report in CompressedLaws.RunAll(implementation, 7, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }
}
