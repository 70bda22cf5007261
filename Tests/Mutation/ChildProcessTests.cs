using System.Diagnostics;
using PageProof.Mutation;
using PageProof.Mutation.Judging;

namespace PageProof.Tests.Mutation;

/// <summary>
/// A child that uses up its time on processors is told from one that the clock stops, and only the first has
/// shown that it comes to no end.
/// </summary>
public sealed class ChildProcessTests
{
    private static readonly TimeSpan Little = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Much = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_child_that_only_computes_uses_up_its_time_on_processors()
    {
        var end = Run("while :; do :; done", new(ProcessorTime: Little, Clock: Much));
        Assert.Equal((null, ChildCut.ProcessorTime), (end.ExitCode, end.Cut));
        Assert.Equal(Verdict.TimedOut, MutantJudge.VerdictOf(end));
    }

    [Fact]
    public void A_child_that_only_waits_is_stopped_by_the_clock()
    {
        var end = Run("echo before; exec sleep 600", new(ProcessorTime: Much, Clock: Little));
        Assert.Equal((null, ChildCut.Clock, "before\n"), (end.ExitCode, end.Cut, end.Output));
        Assert.Equal(Verdict.OutOfClock, MutantJudge.VerdictOf(end));
    }

    // However long it waits for a processor, or for anything: that is not its own time.
    [Fact]
    public void A_child_that_waits_longer_than_it_may_compute_ends_by_itself()
    {
        var end = Run("sleep 0.6; echo after; exit 2", new(ProcessorTime: Little, Clock: Much));
        Assert.Equal((2, ChildCut.None, "after\n"), (end.ExitCode, end.Cut, end.Output));
        Assert.Equal(Verdict.Killed, MutantJudge.VerdictOf(end));
    }

    [Theory]
    [InlineData(0, Verdict.Survived)]
    [InlineData(2, Verdict.Killed)]
    [InlineData(134, Verdict.Crashed)]
    public void An_end_of_its_own_says_what_the_tests_said(int exitCode, Verdict verdict) =>
        Assert.Equal(verdict, MutantJudge.VerdictOf(new(exitCode, "")));

    private static ChildEnd Run(string script, ChildLimits limits) =>
        ChildProcess.Run(new ProcessStartInfo("sh", ["-c", script]), limits, TestContext.Current.CancellationToken);
}
