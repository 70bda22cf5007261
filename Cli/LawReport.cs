using System.Text.Json;
using PageProof.Properties.Harness;

namespace PageProof.Cli;

/// <summary>The figures of laws, under the names that every report of laws has.</summary>
public static class LawReport
{
    public static Report Of(string command, ulong seed, IReadOnlyList<CheckReport> reports)
    {
        Report report = new(command, seed)
        {
            Ok = reports.All(each => each.Holds),
            Seconds = reports.Sum(each => each.Elapsed.TotalSeconds),
        };
        long cases = reports.Sum(each => each.Cases);
        report.Figures["cases"] = cases;
        report.Figures["failures"] = reports.Count(each => !each.Holds);
        report.Figures["cases_per_second"] = Math.Round(cases / Math.Max(report.Seconds, 1e-3));
        long commands = reports.Sum(each => each.Commands);
        if (commands > 0)
        {
            double seconds = reports.Where(each => each.Commands > 0).Sum(each => each.Elapsed.TotalSeconds);
            report.Figures["commands"] = commands;
            report.Figures["commands_per_second"] = Math.Round(commands / Math.Max(seconds, 1e-3));
        }

        if (reports.Any(each => each.Stale.Count > 0))
        {
            report.Figures["stale_answers"] = reports.Sum(each => each.Stale.Values.Sum());
            foreach (var group in reports.SelectMany(each => each.Stale).GroupBy(pair => pair.Key, pair => pair.Value))
            {
                report.Figures[JsonNamingPolicy.SnakeCaseLower.ConvertName(group.Key)] = group.Sum();
            }
        }

        report.Figures["explained"] = reports.Sum(each => each.Explained.Values.Sum());
        if (reports.FirstOrDefault(each => each.Coverage is not null)?.Coverage is { } coverage)
        {
            report.Figures["coverage_min"] = coverage.Least;
            report.Figures["coverage_classes"] = coverage.Possible;
        }

        foreach (var each in reports.Where(each => !each.Holds))
        {
            report.Failures.Add(each.Failure?.Story ?? string.Join('\n', each.Coverage!.Short));
        }

        return report;
    }
}
