using PageProof.Contract.Scheduling;

namespace PageProof.Properties.Harness.Scheduling;

/// <summary>Decides at each yield point which actor goes on. One strategy serves one schedule.</summary>
public interface IStrategy
{
    /// <summary>The actor that goes on, of those that have not ended; these are in ascending order.</summary>
    /// <param name="ready">The actors that can go on.</param>
    /// <param name="current">Who came to the point; -1 at the start and after an end.</param>
    /// <param name="kind">The step before which it stands.</param>
    int Next(ReadOnlySpan<int> ready, int current, YieldKind? kind);
}

/// <summary>Any actor, at every point anew.</summary>
public sealed class RandomStrategy(ulong seed) : IStrategy
{
    private CaseRandom _random = new(seed, 0);

    public int Next(ReadOnlySpan<int> ready, int current, YieldKind? kind) =>
        ready[_random.Below(ready.Length)];
}

/// <summary>
/// Priorities: the actor of the highest goes on, and at a few points drawn beforehand the one that
/// runs falls to the lowest. Finds a bug of d ordering constraints with probability at least
/// 1/(n k^(d-1)). Source: Burckhardt et al., "A randomized scheduler with probabilistic guarantees of
/// finding bugs", ASPLOS 2010.
/// </summary>
public sealed class PriorityStrategy : IStrategy
{
    private readonly int[] _priorities;
    private readonly HashSet<int> _changes = [];
    private int _step;
    private int _lowest;

    /// <param name="seed">Decides the priorities and the change points.</param>
    /// <param name="actors">How many actors there are.</param>
    /// <param name="steps">About how many points a schedule has.</param>
    /// <param name="depth">The number of ordering constraints to be met.</param>
    public PriorityStrategy(ulong seed, int actors, int steps, int depth)
    {
        CaseRandom random = new(seed, 1);
        _priorities = [.. Enumerable.Range(0, actors)];
        for (int place = actors - 1; place > 0; place--)
        {
            int other = random.Below(place + 1);
            (_priorities[place], _priorities[other]) = (_priorities[other], _priorities[place]);
        }

        for (int change = 1; change < depth; change++)
        {
            _changes.Add(random.Below(steps));
        }
    }

    public int Next(ReadOnlySpan<int> ready, int current, YieldKind? kind)
    {
        if (_changes.Contains(_step++) && current >= 0)
        {
            _priorities[current] = --_lowest;
        }

        int best = ready[0];
        foreach (int actor in ready)
        {
            best = _priorities[actor] > _priorities[best] ? actor : best;
        }

        return best;
    }
}

/// <summary>
/// Follows a schedule that was recorded, as far as it can be followed; else whoever runs goes on, or the first.
/// </summary>
public sealed class ReplayStrategy(IReadOnlyList<int> recorded) : IStrategy
{
    private int _step;

    public int Next(ReadOnlySpan<int> ready, int current, YieldKind? kind)
    {
        int wanted = _step < recorded.Count ? recorded[_step] : current;
        _step++;
        return ready.Contains(wanted) ? wanted : ready.Contains(current) ? current : ready[0];
    }
}
