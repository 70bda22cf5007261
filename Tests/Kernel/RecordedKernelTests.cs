using PageProof.Cli.Reality;
using PageProof.Contract;
using PageProof.Reality.Recorded;

namespace PageProof.Tests.Kernel;

/// <summary>What Linux answered once binds the Spec. Uses no Implementation.</summary>
[InLane("kernel", Recorded = true)]
[InLane("addressspaces", Recorded = true)]
[InLane("pagecache", Recorded = true)]
public sealed class RecordedKernelTests
{
    [Fact]
    public void The_Spec_permits_what_Linux_answered()
    {
        foreach (var facts in RecordedKernels.All)
        {
            Paging.Laws.Hold(RealityChecks.OfSpec(facts));
        }
    }
}

/// <summary>What was recorded of Linux.</summary>
public sealed class RecordedKernelFactsTests
{
    [Fact]
    public void Enough_sequences_were_recorded()
    {
        var facts = Assert.Single(RecordedKernels.All);
        Assert.StartsWith("Linux 6.", facts.Backend);
        Assert.StartsWith("pageproof reality linux ", facts.Command);
        Assert.True(facts.Facts.Count >= 1_000);
    }

    [Fact]
    public void Every_class_was_recorded_often()
    {
        var report = RealityChecks.OfSpec(RecordedKernels.All[0]);
        Assert.InRange(report.Coverage!.Least, 10, long.MaxValue);
    }

    [Fact]
    public void A_file_is_read_back_as_it_was_written()
    {
        string path = Path.GetTempFileName();
        try
        {
            var facts = RecordedKernels.All[0];
            KernelFactFile.Write(path, facts);
            var read = KernelFactFile.Read(path);
            Assert.Equal(facts with { Facts = [] }, read with { Facts = [] });
            Assert.Equal(facts.Facts.Select(Print), read.Facts.Select(Print));
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
            KernelFactFile.Write(path, RecordedKernels.All[0]);
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..length]);
            var thrown = Assert.Throws<UserError>(() => KernelFactFile.Read(path));
            Assert.StartsWith($"{path} does not hold what a kernel answered: ", thrown.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Print(KernelFact fact) =>
        $"{fact.Sequence}{string.Join('\n', fact.Answers)}\n{string.Join('\n', fact.Lines)}";
}
