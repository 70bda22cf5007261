using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Properties.PageCache;
using PageProof.Tests.Kernel;

namespace PageProof.Tests.PageCache;

/// <summary>The laws of the page cache on the Spec itself, right and wrong.</summary>
public sealed class PageCacheLawTests
{
    private const int Cases = 6_000;

    [Fact]
    public void Every_class_of_files_is_reached()
    {
        using SpecKernelSystem spec = new();
        var report = Assert.Single(PageCacheLaws.RunAll(spec, 1, RunLength.Of(Cases), 2));
        Paging.Laws.Hold(report);
        Assert.True(report.Coverage!.Least >= KernelCoverage.Floor);
        Assert.InRange(report.Coverage.Possible, 30, KernelClass.All.Length / 2);
    }

    [Theory]
    [InlineData(KernelMistake.TruncateKeepsMapped)]
    [InlineData(KernelMistake.TruncateKeepsTail)]
    [InlineData(KernelMistake.PrivateWritesFile)]
    [InlineData(KernelMistake.ShortReads)]
    [InlineData(KernelMistake.HoleKeepsBytes)]
    [InlineData(KernelMistake.HoleDropsCopies)]
    public void A_mistake_with_files_is_noticed(KernelMistake mistake)
    {
        using SpecKernelSystem spec = new(mistake);
        var report = Assert.Single(PageCacheLaws.RunAll(spec, 1, RunLength.Of(Cases)));
        Assert.NotNull(report.Failure);
        Assert.True(report.Failure.Length <= 6, report.Failure.Story);
    }
}
