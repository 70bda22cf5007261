using System.Diagnostics;
using PageProof.Cli.Check;
using PageProof.Mutation.Bugs;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;
using PageProof.Properties.Harness;

namespace PageProof.Cli.Bugs;

/// <summary>
/// Lets historical bugs loose in copies of the Implementation: with each of some seeds the laws of a
/// bug's domain are run until one of them is broken, with the weights that they have anyway.
/// </summary>
/// <param name="seeds">How many seeds, counted from <paramref name="firstSeed"/>.</param>
/// <param name="firstSeed">The first of the seeds.</param>
/// <param name="budget">The most time for one bug with one seed.</param>
public sealed class BugHunt(int seeds, ulong firstSeed, TimeSpan budget)
{
    private const string Project = "Implementation";
    private const long StretchFirst = 256;
    private const int Growth = 4;

    private readonly PatchCompiler _compiler = PatchCompiler.OfRepository();

    /// <summary>What comes of each bug; progress is told as the number of trials done.</summary>
    public BugReport Run(IReadOnlyList<HistoricalBug> bugs, Action<long>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        long done = 0;
        var compiled = Workers.Each([.. bugs], bug => (Bug: bug, Assembly: _compiler.Compile(bug.Patch)));
        (HistoricalBug Bug, string Assembly, ulong Seed)[] wanted =
            [.. compiled.SelectMany(each => SeedsOf(each.Bug).Select(seed => (each.Bug, each.Assembly, seed)))];
        var trials = Workers.Each(wanted, each =>
        {
            var trial = each.Bug.Mode == BugMode.Theorem
                ? TheoremTrial.Of(each.Bug.Patch.Law, each.Assembly, budget)
                : Hunt(each.Bug.Patch.Domain, each.Assembly, each.Seed);
            progress?.Invoke(Interlocked.Increment(ref done));
            return (each.Bug, Trial: trial);
        });
        List<BugOutcome> outcomes = [.. trials.GroupBy(each => each.Bug, each => each.Trial)
            .Select(ofBug => new BugOutcome(ofBug.Key, [.. ofBug]))];
        return new(outcomes, [.. Controls(outcomes)], clock.Elapsed);
    }

    /// <summary>How many trials there are for these bugs.</summary>
    public long TrialsOf(IReadOnlyList<HistoricalBug> bugs) =>
        bugs.Sum(bug => SeedsOf(bug).LongLength);

    // A theorem says the same whatever the seed.
    private ulong[] SeedsOf(HistoricalBug bug) => bug.Mode == BugMode.Theorem ? [firstSeed] : Seeds;

    private ulong[] Seeds => [.. Enumerable.Range(0, seeds).Select(number => firstSeed + (ulong)number)];

    /// <summary>
    /// The sources without a bug: with every seed the laws of each domain run as long as the longest run
    /// that any of its bugs has had, and each theorem is tried. Nothing may be found.
    /// </summary>
    private IEnumerable<BugControl> Controls(IReadOnlyList<BugOutcome> outcomes)
    {
        string assembly = _compiler.CompileControl(Project);
        foreach (var ofDomain in outcomes.Where(outcome => outcome.Bug.Mode != BugMode.Theorem)
            .GroupBy(outcome => outcome.Bug.Patch.Domain))
        {
            RunLength longest = new(ofDomain.Max(outcome => outcome.Trials.Max(trial => trial.Stretch)), budget);
            foreach (var trial in Workers.Each(Seeds, seed => Stretch(ofDomain.Key, assembly, seed, longest)))
            {
                yield return new($"the laws of {ofDomain.Key}, seed {trial.Seed}", trial);
            }
        }

        foreach (string theorem in outcomes.Where(outcome => outcome.Bug.Mode == BugMode.Theorem)
            .Select(outcome => outcome.Bug.Patch.Law).Distinct())
        {
            yield return new($"theorem {theorem}", TheoremTrial.Of(theorem, assembly, budget));
        }
    }

    // Runs that grow: a law that needs few cases is not kept waiting for one that finds nothing.
    private BugTrial Hunt(string domain, string assembly, ulong seed)
    {
        var clock = Stopwatch.StartNew();
        for (long cases = StretchFirst; ; cases *= Growth)
        {
            var before = clock.Elapsed;
            var trial = Stretch(domain, assembly, seed, new(cases, budget - before));
            if (trial.IsFound || clock.Elapsed >= budget)
            {
                return trial with { Elapsed = before + trial.Elapsed };
            }
        }
    }

    // Every law is run, so that each one that the bug breaks is known; the time is that of the first.
    private static BugTrial Stretch(string domain, string assembly, ulong seed, RunLength length)
    {
        using var loaded = SystemAssembly.Load(assembly);
        var clock = Stopwatch.StartNew();
        long stretch = length.Cases!.Value, cases = 0;
        BugTrial? first = null;
        List<string> laws = [];
        foreach (var report in DomainLaws.Of(domain).RunAll(loaded.System, seed, length))
        {
            cases += report.Cases;
            if (report.Failure is { } failure)
            {
                laws.Add(report.Law);
                first ??= new(seed, failure.Index + 1, clock.Elapsed, laws, failure.Length, failure.Story, stretch);
            }
        }

        return first ?? new(seed, cases, clock.Elapsed, [], 0, "", stretch);
    }
}
