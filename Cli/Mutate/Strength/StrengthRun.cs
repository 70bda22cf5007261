using System.Diagnostics;
using PageProof.Contract;

namespace PageProof.Cli.Mutate.Strength;

/// <summary>
/// Judges mutants that are drawn from all of a domain, each in a process of its own. Stryker makes the mutants, once
/// for each project, and has none of them judged.
/// </summary>
/// <param name="terminal">Where progress is shown.</param>
/// <param name="root">The root of the sources.</param>
/// <param name="made">A report in which Stryker has made all the mutants already; null has it make them.</param>
/// <param name="quiet">Whether to show no progress.</param>
public sealed class StrengthRun(Terminal terminal, string root, string? made, bool quiet)
{
    private const string Folder = "report/mutation";

    private readonly Dictionary<string, string> _listed = [];

    /// <summary>Judges what is drawn of each set.</summary>
    /// <param name="targets">The sets.</param>
    /// <param name="draw">Which of their mutants.</param>
    /// <param name="keeps">Whether the figures are kept in docs/strength.md.</param>
    /// <param name="cancellation">Stops the run.</param>
    public List<MutationResult> Run(
        IEnumerable<MutationTarget> targets, MutantDraw draw, bool keeps, CancellationToken cancellation)
    {
        List<MutationResult> results = [];
        foreach (var target in targets)
        {
            var listed = MutationResult.Read(target, root, ListOf(target, cancellation));
            var drawn = draw.Of(listed);
            if (drawn.Count == 0)
            {
                continue;
            }

            var clock = Stopwatch.StartNew();
            var judged = Judge(listed with { Mutants = drawn }, cancellation);
            results.Add(judged);
            if (keeps)
            {
                StrengthFile.Keep(root, StrengthRow.Of(
                    judged, draw.PopulationOf(listed).Count(), draw.Seed, Revision.Current(root, cancellation),
                    clock.Elapsed));
            }
        }

        return results.Count > 0 ? results : throw new UserError("No mutant is drawn.");
    }

    private MutationResult Judge(MutationResult drawn, CancellationToken cancellation) =>
        new Progress(terminal, quiet).Run(
            $"{drawn.Mutants.Count} mutants of {drawn.Target.Folder}, in thousandths",
            1000,
            progress => new SecondOpinion(root, drawn.Target).Of(
                drawn, (done, total) => progress.Report(1000 * done / total), cancellation));

    private string ListOf(MutationTarget target, CancellationToken cancellation)
    {
        if (made is not null)
        {
            return made;
        }

        var listing = target.Listing;
        if (!_listed.TryGetValue(listing.Configuration, out string? report))
        {
            string output = Path.GetFullPath(Path.Combine(Folder, listing.Figure));
            report = new Progress(terminal, quiet).Run(
                $"mutants of {listing.Name} are made",
                0,
                _ => new StrykerRun(root, listing).List(output, cancellation));
            _listed.Add(listing.Configuration, report);
        }

        return report;
    }
}
