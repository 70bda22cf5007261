using PageProof.Cli.Bugs;
using PageProof.Mutation.Bugs;
using PageProof.Mutation.Patches;

namespace PageProof.Tests.Bugs;

/// <summary>All historical bugs, hunted once for all tests, with one seed.</summary>
public sealed class BugFixture
{
    private const ulong Seed = 1;

    // None needs more than a few seconds; a time limit only ends the run when one escapes.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    /// <summary>The bugs with a patch, and those that wait.</summary>
    public static BugCatalogue Catalogue { get; } = BugCatalogue.Read(ProjectSources.FindRoot());

    private static readonly Lazy<BugReport> OneHunt = new(() => new BugHunt(1, Seed, Budget).Run(Catalogue.Bugs));

    /// <summary>What came of them.</summary>
    public BugReport Report { get; } = OneHunt.Value;
}
