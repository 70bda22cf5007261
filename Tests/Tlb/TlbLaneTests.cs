using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Implementation;
using PageProof.Implementation.Tlb;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>Our machine with caches of another size than usual.</summary>
internal sealed class SizedSystem(TlbGeometry geometry) : ISystem
{
    public string Name => "implementation of another size";

    public Contract.Paging.ITranslator? OpenTranslator() => null;

    public ITlbMachine? OpenTlb() => new TlbMachine(geometry);

    public IShootdownMachine? OpenShootdown() => new ShootdownMachine(geometry);

    public void Dispose()
    {
    }
}

/// <summary>
/// Every law of TLBs with few and fixed sequences: what is run for each mutant. It is one test, which
/// ends at the first law that is broken, because a mutant is dead after that.
/// </summary>
[InLane("tlb")]
public sealed class TlbLaneTests
{
    private const int Cases = 4_000;

    [Fact]
    public void Every_law_of_TLBs_holds_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        using SizedSystem small = new(TlbGeometry.Smallest);
        foreach (var report in TlbLaws.RunAll(implementation, 7, RunLength.Of(Cases))
            .Concat(TlbLaws.RunAll(small, 9, RunLength.Of(Cases / 2))))
        {
            Paging.Laws.Hold(report);
        }
    }
}
