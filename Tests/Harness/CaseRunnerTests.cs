using PageProof.Properties.Harness;

namespace PageProof.Tests.Harness;

public sealed class CaseRunnerTests
{
    /// <summary>Numbers below a bound; the law is that none exceeds another bound.</summary>
    private sealed class BoundLaw(int bound, Exception? breaks = null) : CaseLaw<int>
    {
        public HashSet<long> Generated { get; } = [];

        public override string Name => "numbers stay below the bound";

        public override int BatchSize => 100;

        public override void Generate(ulong seed, long index, ref int unfolded)
        {
            lock (Generated)
            {
                Generated.Add(index);
            }

            unfolded = new CaseRandom(seed, index).Below(100_000);
        }

        public override ICaseJudge<int> OpenJudge() => new Judge(bound, breaks);

        public override IEnumerable<int> Simplify(int failing) => [failing / 2, failing - 1];

        private sealed class Judge(int bound, Exception? breaks) : ICaseJudge<int>
        {
            public int FirstFailure(ReadOnlySpan<int> cases)
            {
                if (breaks is not null)
                {
                    throw breaks;
                }

                for (int place = 0; place < cases.Length; place++)
                {
                    if (cases[place] >= bound)
                    {
                        return place;
                    }
                }

                return -1;
            }

            public string Tell(in int failing) => $"{failing} is too much";

            public void Dispose()
            {
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(1234)]
    public void Exactly_the_wanted_number_of_cases_is_run(int cases)
    {
        BoundLaw law = new(int.MaxValue);
        var report = Run(law, 5, RunLength.Of(cases), workers: 2);
        Assert.True(report.Holds);
        Assert.Equal(cases, report.Cases);
        Assert.Equal(Enumerable.Range(0, cases).Select(index => (long)index), law.Generated.Order());
    }

    [Fact]
    public void The_lowest_failing_case_is_reported_whatever_the_number_of_workers()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var alone = Run(new BoundLaw(99_900), seed, RunLength.Of(50_000), workers: 1);
            var together = Run(new BoundLaw(99_900), seed, RunLength.Of(50_000), workers: 3);
            long lowest = Enumerable.Range(0, 50_000)
                .First(index => new CaseRandom(seed, index).Below(100_000) >= 99_900);
            Assert.Equal(lowest, alone.Failure!.Index);
            Assert.Equal(lowest, together.Failure!.Index);
            Assert.Equal(alone.Failure, together.Failure);
        }
    }

    [Fact]
    public void A_failure_is_shrunk_to_the_simplest_that_fails() =>
        Assert.Equal("99000 is too much", Run(new BoundLaw(99_000), 1, RunLength.Of(100_000), 1).Failure!.Story);

    [Fact]
    public void A_time_limit_ends_the_run_and_the_number_of_cases_is_told()
    {
        var report = Run(new BoundLaw(int.MaxValue), 1, RunLength.Within(TimeSpan.FromMilliseconds(50)), 1);
        Assert.True(report.Holds);
        Assert.True(report.Cases > 0);
        Assert.Equal(0, report.Cases % 100);
    }

    [Fact]
    public void A_system_that_breaks_is_not_a_refutation() =>
        Assert.Throws<TimeoutException>(() =>
            Run(new BoundLaw(1, new TimeoutException()), 1, RunLength.Of(1000), workers: 2));

    private static CheckReport Run(BoundLaw law, ulong seed, RunLength length, int workers) =>
        CaseRunner.Run(law, "numbers", seed, length, workers, number => $"{number}");
}
