using PageProof.Contract.Scheduling;

namespace PageProof.Properties.Harness.Scheduling;

/// <summary>What came of trying every schedule.</summary>
/// <param name="States">How many states there are.</param>
/// <param name="Schedules">How many schedules were run to see them all.</param>
/// <param name="Failing">The first schedule that failed, or null.</param>
public sealed record ExplorationReport(long States, long Schedules, IReadOnlyList<int>? Failing);

/// <summary>
/// Tries every schedule, without a bound on preemptions, but goes on from each state once only: states are
/// told apart by a hash, and from states of the same hash everything goes on alike. Depth first: each run
/// follows a way to a state and from there takes the one turn that was not taken yet.
/// </summary>
public sealed class Exploration(Func<ulong> state)
{
    private readonly HashSet<ulong> _seen = [];
    private readonly Stack<int[]> _open = new([[]]);

    /// <summary>Whether a state has been met.</summary>
    public bool HasSeen(ulong state) => _seen.Contains(state);

    /// <summary>Runs until every state is seen or a schedule fails.</summary>
    /// <param name="run">Runs one schedule; whether it failed, and who took the turns.</param>
    /// <param name="progress">Is told the number of schedules.</param>
    public ExplorationReport Run(
        Func<IStrategy, (bool Failed, IReadOnlyList<int> Schedule)> run, Action<long>? progress = null)
    {
        long schedules = 0;
        while (_open.TryPop(out int[]? way))
        {
            var (failed, schedule) = run(new Strategy(this, way));
            schedules++;
            progress?.Invoke(schedules);
            if (failed)
            {
                return new(_seen.Count, schedules, [.. schedule]);
            }
        }

        return new(_seen.Count, schedules, null);
    }

    private sealed class Strategy(Exploration exploration, int[] way) : IStrategy
    {
        private readonly List<int> _taken = [.. way];
        private int _step;
        private bool _isKnown;

        public int Next(ReadOnlySpan<int> ready, int current, YieldKind? kind)
        {
            if (_step < way.Length)
            {
                return way[_step++];
            }

            int next = ready.Contains(current) ? current : ready[0];
            _isKnown = _isKnown || !exploration._seen.Add(exploration.State());
            if (!_isKnown)
            {
                foreach (int other in ready)
                {
                    if (other != next)
                    {
                        exploration._open.Push([.. _taken, other]);
                    }
                }

                _taken.Add(next);
            }

            return next;
        }
    }

    private ulong State() => state();
}
