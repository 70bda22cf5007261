using PageProof.Contract;
using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;

namespace PageProof.Tests.Paging;

/// <summary>Every law of paging with few and fixed cases: what is run for each mutant.</summary>
[InLane("paging")]
public sealed class PagingLaneTests
{
    private const int AgreementCases = 120_000;
    private const int TwinCases = 24_000;

    [Fact]
    public void A_translator_answers_what_the_Spec_permits() =>
        Laws.Hold(AgreementLaw.Run(new ImplementationSystem(), 7, RunLength.Of(AgreementCases)));

    [Fact]
    public void Every_combination_of_rights_in_a_slice()
    {
        var slice = PermissionProduct.Controls.Where((_, place) => place % 31 == 5).ToList();
        Laws.Hold(PermissionProduct.Run(new ImplementationSystem(), slice, workers: 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Twins_agree_implementation(int law) => TwinsAgree(new ImplementationSystem(), law);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Twins_agree_spec(int law) => TwinsAgree(new SpecSystem(), law);

    private static void TwinsAgree(ISystem system, int law) =>
        Laws.Hold(PagingLaws.Twins(system)[law].Run(3, RunLength.Of(TwinCases)));
}
