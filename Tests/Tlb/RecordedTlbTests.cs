using PageProof.Cli.Reality;
using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Reality.Recorded;
using PageProof.Spec;

namespace PageProof.Tests.Tlb;

/// <summary>What real TLBs answered once binds the Spec. Uses no Implementation.</summary>
[InLane("tlb", Recorded = true)]
public sealed class RecordedTlbTests
{
    [Fact]
    public void The_Spec_permits_what_real_TLBs_answered()
    {
        foreach (var facts in RecordedFacts.Tlb)
        {
            Paging.Laws.Hold(RealityChecks.OfSpec(facts));
        }
    }
}

/// <summary>What was recorded of real TLBs.</summary>
public sealed class RecordedTlbFactsTests
{
    [Theory]
    [InlineData("kvm", 300)]
    [InlineData("QEMU", 1_500)]
    public void Enough_sequences_were_recorded(string backend, int least)
    {
        var facts = Assert.Single(
            RecordedFacts.Tlb, facts => facts.Backend.StartsWith(backend, StringComparison.Ordinal));
        Assert.True(facts.Facts.Count >= least);
        Assert.Contains("tlb", facts.Command);
    }

    [Fact]
    public void Every_class_of_stale_answers_was_recorded()
    {
        var report = RealityChecks.OfSpec(RecordedFacts.Tlb.Single(facts => facts.Backend.StartsWith("QEMU")));
        Assert.All(report.Stale, pair => Assert.True(
            pair.Value >= 5 || pair.Key == nameof(TlbClass.SpuriousFault), $"{pair.Key}: {pair.Value}"));
    }

    [Fact]
    public void The_Spec_as_a_judge_agrees_with_the_law() => Assert.All(
        RecordedFacts.Tlb, facts => Paging.Laws.Hold(RealityChecks.LawOf(facts).Of(new SpecSystem())));

    [Fact]
    public void A_file_of_sequences_is_read_back_as_it_was_written()
    {
        string path = Path.GetTempFileName();
        try
        {
            foreach (var facts in RecordedFacts.Tlb)
            {
                SequenceFactFile.Write(path, facts);
                var read = SequenceFactFile.Read(path);
                Assert.Equal(facts.Backend, read.Backend);
                Assert.Equal(facts.Command, read.Command);
                Assert.Equal(facts.Facts.Select(Print), read.Facts.Select(Print));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5_000)]
    public void A_file_that_is_cut_off_is_refused_in_one_sentence(int length)
    {
        string path = Path.GetTempFileName();
        try
        {
            SequenceFactFile.Write(path, RecordedFacts.Tlb[0]);
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..length]);
            var thrown = Assert.Throws<UserError>(() => SequenceFactFile.Read(path));
            Assert.StartsWith($"{path} does not hold recorded sequences: ", thrown.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Print(SequenceFact fact) =>
        $"{fact.Sequence}{string.Join('\n', fact.Answers.Select(answer => answer.ToString()))}";
}
