using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Tlb;

/// <summary>Counts the events and classes of a run, and judges them against the floor.</summary>
public sealed class ShootdownCoverage
{
    /// <summary>How many of each kind a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many programs bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 5_000;

    private readonly long[] _events = new long[Enum.GetValues<TlbEventKind>().Length];
    private readonly long[] _classes = new long[Enum.GetValues<ShootdownClass>().Length];

    /// <summary>How many events were counted.</summary>
    public long Events => _events.Sum();

    public void Count(TlbEventKind kind) => _events[(int)kind]++;

    public void Count(ShootdownClass each, bool when = true) => _classes[(int)each] += when ? 1 : 0;

    public void Add(ShootdownCoverage other)
    {
        for (int slot = 0; slot < _events.Length; slot++)
        {
            _events[slot] += other._events[slot];
        }

        for (int slot = 0; slot < _classes.Length; slot++)
        {
            _classes[slot] += other._classes[slot];
        }
    }

    /// <summary>The floor binds once the run is long enough for its rarest class.</summary>
    public CoverageReport Judge(long cases)
    {
        var events = Enum.GetValues<TlbEventKind>().Where(kind => kind != TlbEventKind.None)
            .Select(kind => ($"{kind}", _events[(int)kind]));
        var all = events.Concat(Enum.GetValues<ShootdownClass>().Select(each => ($"{each}", _classes[(int)each])))
            .ToList();
        var below = all.Where(each => each.Item2 < Floor).Select(each => $"{each.Item1}: {each.Item2}");
        return new(all.Count, all.Min(each => each.Item2), cases >= CasesToBind ? [.. below] : [], []);
    }
}
