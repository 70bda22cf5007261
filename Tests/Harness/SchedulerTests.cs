using PageProof.Contract.Scheduling;
using PageProof.Properties.Harness.Scheduling;

namespace PageProof.Tests.Harness;

public sealed class SchedulerTests
{
    // Reads, lets others run, and writes: two of these lose an update in some schedules only.
    private sealed class Counter
    {
        public int Value { get; private set; }

        public void Increment<TYield>(TYield yield)
            where TYield : struct, IYield
        {
            int read = Value;
            yield.Point(YieldKind.TableStore);
            Value = read + 1;
        }
    }

    [Fact]
    public void Without_a_scheduler_no_update_is_lost()
    {
        Counter counter = new();
        counter.Increment(default(NoYield));
        counter.Increment(default(NoYield));
        Assert.Equal(2, counter.Value);
    }

    [Fact]
    public void Random_schedules_show_both_ends()
    {
        using Scheduler scheduler = new(2);
        var ends = Enumerable.Range(0, 100).Select(seed => End(scheduler, new RandomStrategy((ulong)seed)).Value);
        Assert.Equal([1, 2], ends.Distinct().Order());
    }

    [Fact]
    public void Priorities_with_one_change_show_the_lost_update()
    {
        using Scheduler scheduler = new(2);
        var ends = Enumerable.Range(0, 100)
            .Select(seed => End(scheduler, new PriorityStrategy((ulong)seed, 2, steps: 4, depth: 2)).Value);
        Assert.Contains(1, ends);
    }

    [Fact]
    public void Priorities_without_a_change_run_one_after_the_other()
    {
        using Scheduler scheduler = new(2);
        var ends = Enumerable.Range(0, 100)
            .Select(seed => End(scheduler, new PriorityStrategy((ulong)seed, 2, steps: 4, depth: 1)).Value);
        Assert.All(ends, end => Assert.Equal(2, end));
    }

    [Fact]
    public void A_recorded_schedule_gives_the_same_end_again()
    {
        using Scheduler scheduler = new(2);
        for (ulong seed = 0; seed < 50; seed++)
        {
            var (value, schedule) = End(scheduler, new RandomStrategy(seed));
            var again = End(scheduler, new ReplayStrategy(schedule));
            Assert.Equal(value, again.Value);
            Assert.Equal(schedule, again.Schedule);
        }
    }

    [Fact]
    public void An_exception_of_an_actor_comes_out_when_all_have_ended()
    {
        using Scheduler scheduler = new(2);
        Counter counter = new();
        Assert.Throws<InvalidOperationException>(() => scheduler.Run(
            new RandomStrategy(1),
            _ => throw new InvalidOperationException("on purpose"),
            counter.Increment));
        Assert.Equal(1, counter.Value);
    }

    private static (int Value, IReadOnlyList<int> Schedule) End(Scheduler scheduler, IStrategy strategy)
    {
        Counter counter = new();
        var schedule = scheduler.Run(strategy, counter.Increment, counter.Increment);
        return (counter.Value, schedule);
    }
}
