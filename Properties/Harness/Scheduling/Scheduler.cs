using System.Runtime.ExceptionServices;
using PageProof.Contract.Scheduling;

namespace PageProof.Properties.Harness.Scheduling;

/// <summary>
/// Runs the CPUs of a simulated machine as actors, of which exactly one holds the baton: at each
/// yield point a strategy says who takes it next. Each actor has a thread of the scheduler's own; no
/// two ever run at the same time, so one strategy gives one schedule on every machine.
/// </summary>
public sealed class Scheduler : IDisposable
{
    private const int Nobody = -1;

    private readonly Actor[] _actors;
    private readonly List<int> _schedule = [];
    private readonly SemaphoreSlim _over = new(0);
    private IStrategy _strategy = new ReplayStrategy([]);
    private ExceptionDispatchInfo? _thrown;

    /// <param name="actors">The most actors a schedule can have.</param>
    public Scheduler(int actors) =>
        _actors = [.. Enumerable.Range(0, actors).Select(number => new Actor(this, number))];

    /// <summary>
    /// Runs the bodies to their ends. The answer is the schedule: who took the baton, in order. An
    /// exception of a body is thrown here when all have ended.
    /// </summary>
    public IReadOnlyList<int> Run(IStrategy strategy, params ReadOnlySpan<Action<ScheduledYield>> bodies)
    {
        (_strategy, _thrown) = (strategy, null);
        _schedule.Clear();
        for (int number = 0; number < bodies.Length; number++)
        {
            _actors[number].Body = bodies[number];
        }

        Pass(Nobody, null);
        _over.Wait();
        _thrown?.Throw();
        return [.. _schedule];
    }

    public void Dispose()
    {
        foreach (var actor in _actors)
        {
            actor.Dispose();
        }

        _over.Dispose();
    }

    internal void Point(int current, YieldKind kind)
    {
        int next = Choose(current, kind);
        if (next != current)
        {
            _actors[next].Baton.Release();
            _actors[current].Baton.Wait();
        }
    }

    private void End(int current, Exception? exception)
    {
        if (exception is not null)
        {
            _thrown ??= ExceptionDispatchInfo.Capture(exception);
        }

        _actors[current].Body = null;
        Pass(Nobody, null);
    }

    private void Pass(int current, YieldKind? kind)
    {
        int next = Choose(current, kind);
        (next == Nobody ? _over : _actors[next].Baton).Release();
    }

    private int Choose(int current, YieldKind? kind)
    {
        Span<int> ready = stackalloc int[_actors.Length];
        int count = 0;
        foreach (var actor in _actors)
        {
            if (actor.Body is not null)
            {
                ready[count++] = actor.Number;
            }
        }

        if (count == 0)
        {
            return Nobody;
        }

        int next = _strategy.Next(ready[..count], current, kind);
        _schedule.Add(next);
        return next;
    }

    private sealed class Actor : IDisposable
    {
        private readonly Scheduler _scheduler;
        private readonly Thread _thread;
        private bool _disposed;

        public Actor(Scheduler scheduler, int number)
        {
            (_scheduler, Number) = (scheduler, number);
            _thread = new(Live) { IsBackground = true, Name = $"CPU {number}" };
            _thread.Start();
        }

        public int Number { get; }

        public SemaphoreSlim Baton { get; } = new(0);

        public Action<ScheduledYield>? Body { get; set; }

        public void Dispose()
        {
            _disposed = true;
            Baton.Release();
            _thread.Join();
            Baton.Dispose();
        }

        private void Live()
        {
            while (true)
            {
                Baton.Wait();
                if (_disposed)
                {
                    return;
                }

                Exception? thrown = null;
                try
                {
                    Body?.Invoke(new(_scheduler, Number));
                }
                catch (Exception exception)
                {
                    thrown = exception;
                }

                _scheduler.End(Number, thrown);
            }
        }
    }
}

/// <summary>The yield points of one actor.</summary>
public readonly struct ScheduledYield(Scheduler scheduler, int actor) : IYield
{
    public void Point(YieldKind kind) => scheduler.Point(actor, kind);
}
