using PageProof.Contract.PageTables;
using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.PageTables;

namespace PageProof.Tests.PageTables;

/// <summary>The law of page tables at full length, with its coverage floor.</summary>
public sealed class PageTableAgreementTests
{
    private const long Cases = 10_000;

    [Fact]
    public void Page_tables_say_what_a_plain_map_says_implementation()
    {
        var report = PageTableAgreementLaw.Run(new ImplementationSystem(), 1, RunLength.Of(Cases), 2);
        Paging.Laws.Hold(report);
        Assert.Equal(Cases, report.Cases);
        Assert.Equal(Enum.GetValues<PageTableClass>().Length, report.Coverage!.Possible);
        Assert.True(report.Coverage.Least >= PageTableCoverage.Floor);
        Assert.True(report.Commands > 10 * Cases);
    }

    /// <summary>Both sides: who edits nothing breaks no rule of hardware, and must fail nevertheless.</summary>
    [Fact]
    public void An_address_space_in_which_nothing_ever_happens_is_refuted()
    {
        var report = PageTableAgreementLaw.Run(new IdleSystem(), 1, RunLength.Of(Cases), 2);
        Assert.NotNull(report.Failure);
        Assert.Equal(1, report.Failure.Length);
    }

    [Fact]
    public void A_case_depends_on_seed_and_number_alone()
    {
        PageTableGenerator one = new(new() { Tables = 31 }), other = new(new() { Tables = 31 });
        other.Generate(9, 3);
        Assert.Equal(PageTableText.Print(one.Generate(5, 77)), PageTableText.Print(other.Generate(5, 77)));
        Assert.NotEqual(PageTableText.Print(one.Generate(5, 77)), PageTableText.Print(one.Generate(5, 78)));
    }
}
