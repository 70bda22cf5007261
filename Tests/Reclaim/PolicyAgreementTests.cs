using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Reclaim;
using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Reclaim;
using PageProof.Spec;

namespace PageProof.Tests.Reclaim;

/// <summary>The laws of page replacement at full length, with their coverage floors.</summary>
public sealed class PolicyAgreementTests
{
    private const long Cases = ReplacementCoverage.CasesToBind;

    [Fact]
    public void Every_law_holds_and_every_class_is_reached()
    {
        var reports = PolicyLaws.RunAll(new ImplementationSystem(), 1, RunLength.Of(Cases), 2).ToList();
        Assert.All(reports, Paging.Laws.Hold);
        Assert.Equal(5, reports.Count);
        Assert.Equal(Cases, reports[^1].Cases);
        Assert.True(reports[^1].Coverage!.Possible > Enum.GetValues<ReplacementClass>().Length);
        Assert.True(reports[^1].Coverage!.Least >= ReplacementCoverage.Floor);
        Assert.True(reports[^1].Commands > 20 * Cases);
    }

    [Fact]
    public void The_laws_of_single_sentences_hold_of_the_spec_too() =>
        Assert.All(PolicyLaws.RunAll(new SpecSystem(), 2, RunLength.Of(800), 2), Paging.Laws.Hold);

    /// <summary>Both sides: who has every page and loads none breaks no order, and must fail nevertheless.</summary>
    [Theory]
    [InlineData(ReferenceOutcome.None)]
    [InlineData(ReferenceOutcome.Hit)]
    [InlineData(ReferenceOutcome.Filled)]
    public void A_memory_in_which_nothing_ever_happens_is_refuted(ReferenceOutcome always)
    {
        using ConstantSystem system = new(always);
        Assert.All(
            PolicyLaws.RunAll(system, 1, RunLength.Of(Cases)).Where(report => report.Law
                is BookkeepingLaw.Title or AnomalyLaw.Title or PolicyAgreementLaw.Title),
            report => Assert.True(report.Failure is { Length: <= 2 }, report.Law));
    }

    [Fact]
    public void A_system_without_the_door_is_told_so() => Assert.Throws<UserError>(
        () => PolicyLaws.RunAll(new NoSystem(), 1, RunLength.Of(1)).ToList());

    [Fact]
    public void A_case_depends_on_seed_and_number_alone()
    {
        ReplacementGenerator one = new(new()), other = new(new());
        other.Generate(9, 3);
        Assert.Equal(ReplacementText.Print(one.Generate(5, 77)), ReplacementText.Print(other.Generate(5, 77)));
        Assert.NotEqual(ReplacementText.Print(one.Generate(5, 77)), ReplacementText.Print(one.Generate(5, 78)));
    }

    [Fact]
    public void Only_policies_that_a_system_has_are_asked()
    {
        ReplacementGenerator generator = new(new() { Kinds = [ReplacementKind.Aging] });
        Assert.All(Enumerable.Range(0, 50), index =>
            Assert.Equal(ReplacementKind.Aging, generator.Generate(1, index).Settings.Kind));
    }

    private sealed class NoSystem : ISystem
    {
        public string Name => "none";

        public ITranslator? OpenTranslator() => null;

        public void Dispose()
        {
        }
    }

    private sealed class ConstantSystem(ReferenceOutcome always) : ISystem
    {
        public string Name => "constant";

        public ITranslator? OpenTranslator() => null;

        public IReplacementPolicy? OpenPolicies() => new ConstantPolicy(always);

        public void Dispose()
        {
        }
    }

    private sealed class ConstantPolicy(ReferenceOutcome always) : IReplacementPolicy
    {
        public ReplacementCapabilities Capabilities { get; } = new();

        public void Reset(ReplacementSettings settings, ReadOnlySpan<Reference> foreseen)
        {
        }

        public void Refer(ReadOnlySpan<Reference> references, Span<ReferenceAnswer> answers) =>
            answers.Fill(new(always, default, false, 0));

        public int Show(Span<ResidentPage> pages) => 0;

        public void Dispose()
        {
        }
    }
}
