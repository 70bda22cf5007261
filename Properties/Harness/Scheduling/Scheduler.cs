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
    /// <summary>The most steps of a schedule: who takes more goes round in circles.</summary>
    public const int StepsMax = 5_000;

    private const int Nobody = -1;

    private readonly Actor[] _actors;
    private readonly List<int> _schedule = [];
    private readonly Baton _over = new();
    private IStrategy _strategy = new ReplayStrategy([]);
    private bool _stuck;
    private ExceptionDispatchInfo? _thrown;

    /// <param name="actors">The most actors a schedule can have.</param>
    public Scheduler(int actors) =>
        _actors = [.. Enumerable.Range(0, actors).Select(number => new Actor(this, number))];

    /// <summary>Why nobody could go on in the last run, or null.</summary>
    public string? Deadlock { get; private set; }

    /// <summary>Who took the baton in the last run, in order.</summary>
    public IReadOnlyList<int> Taken => _schedule;

    /// <summary>
    /// Runs the bodies to their ends. The answer is the schedule: who took the baton, in order. An
    /// exception of a body is thrown here when all have ended.
    /// </summary>
    public IReadOnlyList<int> Run(IStrategy strategy, params ReadOnlySpan<Action<ScheduledYield>> bodies)
    {
        (_strategy, _thrown, _stuck, Deadlock) = (strategy, null, false, null);
        _schedule.Clear();
        for (int number = 0; number < bodies.Length; number++)
        {
            (_actors[number].Body, _actors[number].Condition) = (bodies[number], null);
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
    }

    internal void Point(int current, YieldKind kind)
    {
        if (_schedule.Count >= StepsMax && !_stuck)
        {
            _stuck = true;
            Deadlock = $"There is no end after {StepsMax} steps.";
        }

        if (!_stuck)
        {
            Hand(current, Choose(current, kind), kind);
        }

        if (_stuck)
        {
            throw new DeadlockException(Deadlock!);
        }
    }

    internal void Until(int current, YieldKind kind, IReadiness condition)
    {
        _actors[current].Condition = condition;
        Point(current, kind);
        _actors[current].Condition = null;
    }

    // Who goes on itself keeps the baton.
    private void Hand(int current, int next, YieldKind kind)
    {
        if (next == current)
        {
            return;
        }

        _actors[current].Before = kind;
        if (next == Nobody)
        {
            GetStuck();
            return;
        }

        _actors[next].Baton.Release();
        _actors[current].Baton.Wait();
    }

    // Everyone waits for somebody: each is let go to its end, one after the other, by an exception.
    private void GetStuck()
    {
        _stuck = true;
        var waiting = _actors.Where(actor => actor.Body is not null)
            .Select(actor => $"CPU {actor.Number} before {actor.Before}");
        Deadlock = $"Nobody can go on: {string.Join(", ", waiting)}.";
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
        if (next == Nobody && _actors.Any(actor => actor.Body is not null))
        {
            GetStuck();
            next = Choose(current, kind);
        }

        (next == Nobody ? _over : _actors[next].Baton).Release();
    }

    private int Choose(int current, YieldKind? kind)
    {
        Span<int> ready = stackalloc int[_actors.Length];
        int count = 0;
        foreach (var actor in _actors)
        {
            if (actor.Body is not null && (_stuck || actor.Condition is null or { IsReady: true }))
            {
                ready[count++] = actor.Number;
            }
        }

        if (count == 0)
        {
            return Nobody;
        }

        int next = _stuck ? ready[0] : _strategy.Next(ready[..count], current, kind);
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

        public Baton Baton { get; } = new();

        public Action<ScheduledYield>? Body { get; set; }

        public IReadiness? Condition { get; set; }

        public YieldKind Before { get; set; }

        public void Dispose()
        {
            _disposed = true;
            Baton.Release();
            _thread.Join();
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

/// <summary>
/// Is handed over from one thread to another. Nobody spins for it: on a busy machine whoever spins gives the
/// processor to strangers.
/// </summary>
internal sealed class Baton
{
    private bool _here;

    public void Release()
    {
        lock (this)
        {
            _here = true;
            Monitor.Pulse(this);
        }
    }

    public void Wait()
    {
        lock (this)
        {
            while (!_here)
            {
                Monitor.Wait(this);
            }

            _here = false;
        }
    }
}

/// <summary>The yield points of one actor.</summary>
public readonly struct ScheduledYield(Scheduler scheduler, int actor) : IWait
{
    public void Point(YieldKind kind) => scheduler.Point(actor, kind);

    public void Until(YieldKind kind, IReadiness condition) => scheduler.Until(actor, kind, condition);
}

/// <summary>Ends the actors of a schedule in which each waits for another.</summary>
public sealed class DeadlockException(string message) : Exception(message);
