namespace PageProof.Cli.Bugs;

/// <summary>What the laws of one seed, or a theorem, said of a bug.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Cases">The cases until the first that the bug spoilt, or all when it spoilt none.</param>
/// <param name="Elapsed">The time until it was found and shrunk.</param>
/// <param name="Laws">The laws that it broke: first the one that noticed first; none when it escaped.</param>
/// <param name="Length">How many commands the shrunk story has.</param>
/// <param name="Story">The shrunk story.</param>
/// <param name="Stretch">How long the run was that ended the trial, in cases.</param>
public sealed record BugTrial(
    ulong Seed, long Cases, TimeSpan Elapsed, IReadOnlyList<string> Laws, int Length, string Story, long Stretch)
{
    /// <summary>Whether anything noticed the bug.</summary>
    public bool IsFound => Laws.Count > 0;
}
