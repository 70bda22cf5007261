using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;

namespace PageProof.Tests.Paging;

/// <summary>The lockstep law at full length, with its coverage floors.</summary>
public sealed class AgreementTests
{
    private const long Cases = 1_000_000;

    [Fact]
    public void A_translator_answers_what_the_Spec_permits_implementation()
    {
        var report = AgreementLaw.Run(new ImplementationSystem(), 1, RunLength.Of(Cases), 2);
        Laws.Hold(report);
        Assert.Equal(Cases, report.Cases);
        Assert.Empty(report.Coverage!.Surprises);
        Assert.True(report.Coverage.Least >= Contract.Paging.TranslationClass.Floor);
    }

    [Fact]
    public void Every_impossible_class_has_its_reason_and_every_other_is_reached()
    {
        var capabilities = new ImplementationSystem().OpenTranslator()!.Capabilities;
        int possible = Contract.Paging.TranslationClass.All
            .Count(each => PossibleClasses.WhyNot(each, capabilities) is null);
        var report = AgreementLaw.Run(new ImplementationSystem(), 2, RunLength.Of(Cases), 2);
        Assert.Equal(possible, report.Coverage!.Possible);
        Assert.Empty(report.Coverage.Short);
    }
}
