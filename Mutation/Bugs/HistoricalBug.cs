using PageProof.Contract;
using PageProof.Mutation.Patches;

namespace PageProof.Mutation.Bugs;

/// <summary>What it takes to see a bug.</summary>
public enum BugMode : byte
{
    /// <summary>Commands one after the other.</summary>
    Sequential,
    /// <summary>An interleaving of several CPUs.</summary>
    Interleaving,
    /// <summary>A theorem, which its own code refutes.</summary>
    Theorem,
}

/// <summary>
/// A bug that a real system once had, re-created: a patch of mutation-config/bugs makes the
/// Implementation wrong in the same way.
/// </summary>
/// <param name="Number">The number by which reports call it; gaps mean nothing.</param>
/// <param name="Year">When it became known.</param>
/// <param name="Mode">What it takes to see it.</param>
/// <param name="Shortest">The commands of the shortest story that is known; null where a theorem refutes.</param>
/// <param name="Patch">The change. Its law is the one expected to notice, or the theorem.</param>
public sealed record HistoricalBug(int Number, int Year, BugMode Mode, int? Shortest, Patch Patch)
{
    /// <summary>A few words for the bug.</summary>
    public string Name => Patch.Name;

    /// <summary>The bug that a patch says it is.</summary>
    /// <exception cref="UserError">The header lacks what a bug has to say.</exception>
    public static HistoricalBug Of(Patch patch)
    {
        var header = patch.Header;
        var mode = header["Mode"] switch
        {
            "1" => BugMode.Sequential,
            "N" => BugMode.Interleaving,
            "Z" => BugMode.Theorem,
            var other => throw new UserError($"{patch.File} has the mode '{other}', which is none of 1, N and Z."),
        };
        int? shortest = mode == BugMode.Theorem ? null : header.Number("Shortest");
        return new(header.Number("Bug"), header.Number("Year"), mode, shortest, patch);
    }
}
