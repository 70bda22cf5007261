using System.Globalization;
using PageProof.Cli.Bugs;
using PageProof.Cli.Verify;
using PageProof.Mutation.Bugs;
using static PageProof.Cli.Assurance.HtmlPieces;

namespace PageProof.Cli.Assurance;

/// <summary>Which bug was noticed by which laws and theorems.</summary>
internal static class BugMatrix
{
    /// <summary>A row for each bug, a column for each law, and the laws by their numbers.</summary>
    public static string Html(AssuranceData told)
    {
        List<string> laws =
            [.. told.Bugs.Outcomes.SelectMany(bug => bug.Laws).Distinct().Order(StringComparer.Ordinal)];
        string[] columns =
        [
            "Bug", "Name", "Year", "Result", "Cases", "Commands",
            .. laws.Select((_, index) => $"<span title=\"law {index + 1}\">{index + 1}</span>"),
        ];
        var rows = told.Bugs.Outcomes.OrderBy(bug => bug.Bug.Number).Select(bug => Row(bug, laws));
        return Table("Bugs and the laws that noticed them", columns, rows)
            + "<h3>The laws by their numbers</h3><ol>"
            + string.Concat(laws.Select(law => $"<li>{Text(law)}</li>")) + "</ol>"
            + $"<p>Without a bug {told.Bugs.ControlFailures} of {told.Bugs.Controls.Count} runs were refuted.</p>"
            + Waiting(told.Waiting);
    }

    private static string[] Row(BugOutcome bug, List<string> laws) =>
    [
        $"{bug.Bug.Number}", Text(bug.Bug.Name), $"{bug.Bug.Year}",
        bug.IsFound
            ? Result(VerifyResult.Holds, "found")
            : Result(VerifyResult.Refuted, "not found"),
        bug.Bug.Shortest is null ? "a proof" : Number((long)bug.Cases),
        bug.Bug.Shortest is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{bug.Length:0.#}"),
        .. laws.Select((law, index) => bug.Laws.Contains(law)
            ? $"<span role=\"img\" aria-label=\"noticed by law {index + 1}\">●</span>" : ""),
    ];

    private static string Waiting(IReadOnlyList<WaitingBug> waiting) => waiting.Count == 0 ? ""
        : "<h3>Bugs that wait</h3><ul>"
            + string.Concat(waiting.Select(bug =>
                $"<li>{bug.Number} {Text(bug.Name)}, {bug.Year}: waits for {Text(bug.WaitsFor)}</li>"))
            + "</ul>";
}
