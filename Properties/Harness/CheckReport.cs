namespace PageProof.Properties.Harness;

/// <summary>A case that broke a law, as it was found and as it was shrunk.</summary>
/// <param name="Index">The number of the case: with the seed it is found again.</param>
/// <param name="Story">The shrunk case in words.</param>
/// <param name="Replay">The shrunk case as text, for a file to run again.</param>
/// <param name="Shrinks">How many times the case was made simpler.</param>
public sealed record CheckFailure(long Index, string Story, string Replay, int Shrinks)
{
    /// <summary>How many commands the shrunk case has; a single question counts as one.</summary>
    public int Length { get; init; } = 1;
}

/// <summary>What came of putting one law to one system.</summary>
public sealed record CheckReport(
    string Law, string System, ulong Seed, long Cases, TimeSpan Elapsed, CheckFailure? Failure)
{
    /// <summary>How many commands the cases had together, for laws over sequences.</summary>
    public long Commands { get; init; }

    /// <summary>How often each class was reached, for laws that count them.</summary>
    public CoverageReport? Coverage { get; init; }

    /// <summary>Cases that a known deviation of the system explains, by its name.</summary>
    public IReadOnlyDictionary<string, long> Explained { get; init; } = new Dictionary<string, long>();

    /// <summary>Answers that only a cache explains, by the name of their class, for laws of caches.</summary>
    public IReadOnlyDictionary<string, long> Stale { get; init; } = new Dictionary<string, long>();

    public bool Holds => Failure is null && Coverage is not { Short.Count: > 0 };
}

/// <summary>The coverage of a run: classes that had to be reached, and those below the floor.</summary>
/// <param name="Possible">How many classes the system can reach.</param>
/// <param name="Least">How often the rarest of them was reached.</param>
/// <param name="Short">The classes below the floor, when the run was long enough to judge.</param>
/// <param name="Surprises">Classes that were reached although they are called impossible.</param>
public sealed record CoverageReport(
    int Possible, long Least, IReadOnlyList<string> Short, IReadOnlyList<string> Surprises);
