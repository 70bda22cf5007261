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
    public void Every_schedule_shows_both_ends_and_each_state_once()
    {
        using Scheduler scheduler = new(2);
        Counter counter = new();
        int[] read = [0, 0];
        HashSet<int> ends = [];
        Exploration exploration = new(() => (ulong)HashCode.Combine(counter.Value, read[0], read[1]));
        var report = exploration.Run(strategy =>
        {
            counter = new();
            read = [0, 0];
            var schedule = scheduler.Run(
                strategy,
                yield => Count(counter, read, 0, yield),
                yield => Count(counter, read, 1, yield));
            ends.Add(counter.Value);
            return (false, schedule);
        });
        Assert.Equal([1, 2], ends.Order());
        Assert.Null(report.Failing);
        Assert.InRange(report.Schedules, 2, report.States);
    }

    [Fact]
    public void Who_waits_is_not_offered_until_what_he_waits_for_is_so()
    {
        using Scheduler scheduler = new(2);
        for (ulong seed = 0; seed < 50; seed++)
        {
            Gate gate = new();
            bool early = false;
            scheduler.Run(
                new RandomStrategy(seed),
                yield =>
                {
                    yield.Until(YieldKind.Lock, gate);
                    early = !gate.IsReady;
                },
                yield =>
                {
                    yield.Point(YieldKind.TableStore);
                    gate.IsReady = true;
                });
            Assert.False(early);
        }
    }

    [Fact]
    public void When_nobody_can_go_on_it_is_said_who_waits_and_the_next_run_is_sound()
    {
        using Scheduler scheduler = new(2);
        Gate never = new();
        var thrown = Assert.Throws<DeadlockException>(() => scheduler.Run(
            new RandomStrategy(1),
            yield => yield.Until(YieldKind.Lock, never),
            yield => yield.Until(YieldKind.IpiAcknowledge, never)));
        Assert.Contains("CPU 0 before Lock", thrown.Message);
        Assert.Contains("CPU 1 before IpiAcknowledge", thrown.Message);
        Assert.Equal(2, scheduler.Run(new RandomStrategy(1), _ => { }, _ => { }).Count);
    }

    [Fact]
    public void Who_goes_round_in_circles_is_stopped()
    {
        using Scheduler scheduler = new(1);
        var thrown = Assert.Throws<DeadlockException>(() => scheduler.Run(
            new RandomStrategy(1),
            yield =>
            {
                while (true)
                {
                    yield.Point(YieldKind.Lock);
                }
            }));
        Assert.Contains("no end", thrown.Message);
    }

    private static void Count(Counter counter, int[] read, int actor, ScheduledYield yield)
    {
        read[actor] = 1 + counter.Value;
        counter.Increment(yield);
        read[actor] = 9;
    }

    private sealed class Gate : IReadiness
    {
        public bool IsReady { get; set; }
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
