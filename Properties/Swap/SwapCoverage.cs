using PageProof.Contract.Swap;
using PageProof.Properties.Harness;
using PageProof.Spec.Swap;

namespace PageProof.Properties.Swap;

/// <summary>Counts the classes of the steps of a run, and judges them against the floor.</summary>
public sealed class SwapCoverage
{
    /// <summary>How many steps of each class a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 4_000;

    private static readonly SwapClass[] Classes = Enum.GetValues<SwapClass>();

    private readonly long[] _counts = new long[Classes.Length];

    /// <summary>How many commands were counted.</summary>
    public long Commands { get; private set; }

    public long this[SwapClass each] => _counts[(int)each];

    /// <summary>Counts a step that was permitted.</summary>
    public void Count(SwapState before, in SwapCommand command, in SwapAnswer answer, SwapState after)
    {
        Commands++;
        Add(SwapClasses.Of(before, command, answer, after));
        if (answer.Outcome == SwapOutcome.Done)
        {
            foreach (var besides in SwapClasses.Besides(before, command, answer, after))
            {
                Add(besides);
            }
        }
    }

    public void Add(SwapCoverage other)
    {
        Commands += other.Commands;
        for (int slot = 0; slot < _counts.Length; slot++)
        {
            _counts[slot] += other._counts[slot];
        }
    }

    /// <summary>The floor binds once the run is long enough for its rarest class that the system can reach.</summary>
    public CoverageReport Judge(long cases, SwapCapabilities offered)
    {
        var possible = Classes.Where(each => SwapClasses.IsPossible(each, offered)).ToList();
        var below = possible.Where(each => this[each] < Floor).Select(each => $"{each}: {this[each]}");
        return new(
            possible.Count, possible.Min(each => this[each]), cases >= CasesToBind ? [.. below] : [], []);
    }

    private void Add(SwapClass each) => _counts[(int)each]++;
}
