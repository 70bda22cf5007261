using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Implementation;
using PageProof.Properties.Hardening;
using PageProof.Properties.Harness;
using PageProof.Spec;
using PageProof.Spec.Hardening;

namespace PageProof.Tests.Hardening;

/// <summary>The laws of random placement at full length, with their coverage floor.</summary>
public sealed class AslrLawTests
{
    private const long Cases = 30_000;

    [Fact]
    public void Regions_lie_apart_and_where_their_words_put_them()
    {
        using ImplementationSystem implementation = new();
        foreach (var law in (LayoutLaw[])[new RegionsApartLaw(implementation), new LayoutAgreementLaw(implementation)])
        {
            var report = law.Run(1, RunLength.Of(Cases), 2);
            Paging.Laws.Hold(report);
            Assert.Equal(Cases, report.Cases);
            Assert.Equal(Enum.GetValues<AslrClass>().Length, report.Coverage!.Possible);
            Assert.True(report.Coverage.Least >= AslrCoverage.Floor);
        }
    }

    /// <summary>All 2^22 places of a stack, and all others that can be counted.</summary>
    [Fact]
    public void Every_place_that_can_be_counted_is_reached()
    {
        using ImplementationSystem implementation = new();
        var report = EntropyLaw.Run(implementation, 1);
        Paging.Laws.Hold(report);
        Assert.True(report.Cases > (long)EntropyLaw.CountedLong);
    }

    [Fact]
    public void Seeds_are_spread_evenly()
    {
        using ImplementationSystem implementation = new();
        Paging.Laws.Hold(EvenSpreadLaw.Run(implementation));
    }

    /// <summary>The Spec with words of its own, which are drawn in another way.</summary>
    [Fact]
    public void The_Spec_keeps_its_own_laws()
    {
        using SpecSystem spec = new();
        Assert.All(AslrLaws.RunAll(spec, 3, RunLength.Of(2_000)), Paging.Laws.Hold);
    }

    [Fact]
    public void What_is_generated_and_what_is_simpler_may_be_asked()
    {
        for (long index = 0; index < 2_000; index++)
        {
            var request = LayoutGenerator.Generate(11, index);
            Assert.True(AslrSpec.MayBeAsked(request), LayoutText.Print(request));
            Assert.All(LayoutShrinks.Of(request).Take(12), each => Assert.True(AslrSpec.MayBeAsked(each)));
        }
    }

    /// <summary>Both sides: who puts everything at one place keeps no law.</summary>
    [Fact]
    public void A_system_that_does_nothing_is_refuted_by_every_law()
    {
        using IdleSystem idle = new();
        Assert.All(AslrLaws.RunAll(idle, 1, RunLength.Of(1_000)), report => Assert.NotNull(report.Failure));
    }

    private sealed class IdleSystem : ISystem
    {
        public string Name => "idle";

        public ITranslator? OpenTranslator() => null;

        public IAslr? OpenAslr() => new Idle();

        public void Dispose()
        {
        }
    }

    private sealed class Idle : IAslr
    {
        public LayoutDraws Draw(ulong seed) => default;

        public void Place(ReadOnlySpan<LayoutRequest> requests, Span<AddressSpaceLayout> layouts)
        {
        }

        public void Dispose()
        {
        }
    }
}
