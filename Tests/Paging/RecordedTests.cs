using PageProof.Cli.Reality;
using PageProof.Implementation;
using PageProof.Reality.Recorded;

namespace PageProof.Tests.Paging;

/// <summary>What KVM and QEMU answered once binds the Spec. Uses no Implementation.</summary>
[InLane("paging", Recorded = true)]
public sealed class RecordedTests
{
    [Fact]
    public void The_Spec_permits_what_real_systems_answered()
    {
        foreach (var facts in RecordedFacts.Paging)
        {
            Laws.Hold(RealityChecks.OfSpec(facts));
        }
    }
}

/// <summary>What was recorded, and what it says of the Implementation without the Spec.</summary>
public sealed class RecordedFactsTests
{
    [Theory]
    [InlineData("kvm", 5_000)]
    [InlineData("QEMU", 15_000)]
    public void Enough_answers_were_recorded(string backend, int least)
    {
        var facts = Assert.Single(
            RecordedFacts.Paging, facts => facts.Backend.StartsWith(backend, StringComparison.Ordinal));
        Assert.True(facts.Facts.Count >= least);
        Assert.Contains("--record", facts.Command);
    }

    [Fact]
    public void The_Implementation_answers_as_real_systems_did()
    {
        foreach (var facts in RecordedFacts.Paging)
        {
            Laws.Hold(RealityChecks.LawOf(facts).Of(new ImplementationSystem()));
        }
    }

    [Fact]
    public void A_file_of_facts_is_read_back_as_it_was_written()
    {
        string path = Path.GetTempFileName();
        try
        {
            foreach (var facts in RecordedFacts.Paging)
            {
                FactFile.Write(path, facts);
                var read = FactFile.Read(path);
                Assert.Equal(facts.Backend, read.Backend);
                Assert.Equal(facts.Command, read.Command);
                Assert.Equal(
                    facts.Facts.Select(fact => (fact.Case.ToString(), fact.Answer.Outcome, fact.Answer.Known)),
                    read.Facts.Select(fact => (fact.Case.ToString(), fact.Answer.Outcome, fact.Answer.Known)));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_that_holds_no_facts_is_refused_in_one_sentence()
    {
        string path = Path.GetTempFileName();
        try
        {
            FactFile.Write(path, RecordedFacts.Paging[0]);
            byte[] whole = File.ReadAllBytes(path);
            foreach (byte[] bad in (byte[][])[[], [1, 2, 3], whole[..(whole.Length / 2)], [.. whole.Reverse()]])
            {
                File.WriteAllBytes(path, bad);
                Assert.Contains(path, Assert.Throws<Contract.UserError>(() => FactFile.Read(path)).Message);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }
}
