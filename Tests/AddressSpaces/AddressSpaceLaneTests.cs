using PageProof.Implementation;
using PageProof.Properties.AddressSpaces;
using PageProof.Properties.Harness;

namespace PageProof.Tests.AddressSpaces;

/// <summary>The laws of address spaces with few and fixed sequences: what is run for each mutant.</summary>
[InLane("addressspaces")]
[InLane("kernel")]
[InLane("pagecache")]
public sealed class AddressSpaceLaneTests
{
    private const int Cases = 800;

    [Fact]
    public void The_laws_of_address_spaces_hold_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in AddressSpaceLaws.RunAll(implementation, 7, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }
}
