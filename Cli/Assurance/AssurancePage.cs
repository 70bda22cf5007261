using System.Globalization;
using System.Text;
using PageProof.Cli.Verify;
using PageProof.SmtModels.Theorems;
using static PageProof.Cli.Assurance.HtmlPieces;

namespace PageProof.Cli.Assurance;

/// <summary>
/// All that there is to say for and against trusting this suite, as one page that needs no network: for a screen, a
/// telephone, a printer, a keyboard and a screen reader.
/// </summary>
public static class AssurancePage
{
    private static readonly IReadOnlyList<PageSection> Sections =
    [
        new("laws", "Laws",
            "A law relates what a system answers to the Spec. Classes are kinds of cases that have to be met; "
            + "the rarest says how often.",
            told => Lines(told, "laws")),
        new("reality", "Reality",
            "The Spec itself, asked of processors, emulators and the running kernel, and of what these answered "
            + "before. Deviations that are known are named.",
            told => Lines(told, "reality")),
        new("theorems", "Theorems",
            "About the compiled code, for all inputs. A witness says a little too much, and must be refuted: it "
            + "shows that the theorem beside it could have failed.",
            Theorems),
        new("bugs", "Bugs and laws",
            "Bugs that real systems had, put into copies of the Implementation. A dot says that the law, or the "
            + "theorem, noticed.",
            BugMatrix.Html),
        new("canaries", "Canaries",
            "Small faults put in on purpose, each to be caught by the law that it names, in few commands.",
            told => Lines(told, "canaries")),
        new("strength", "Mutants", "", _ => Documents.Html("strength.md")),
        new("ablation", "What each law is needed for", "", _ => Documents.Html("ablation.md")),
        new("spec", "What the Spec says",
            "Each part of the Spec in its own words, with the manual that it follows.",
            told => Claims(told.Claims)),
        new("rows", "What is built", "", _ => Documents.Html("features.md")),
        new("limits", "What this does not show", "", _ => Documents.Html("limits.md")),
    ];

    /// <summary>The whole page.</summary>
    public static string Of(AssuranceData told)
    {
        string verdict = told.Holds ? "Everything held." : "Something was refuted.";
        StringBuilder page = new();
        page.AppendLine(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>PageProof: assurance</title><style>{Documents.Text("page.css")}</style></head><body>
            <a class="skip" href="#main">Skip to the content</a>
            <header><h1>PageProof: what is shown, and what is not</h1>
            <p class="{(told.Holds ? "holds" : "refuted")}">{verdict}</p>
            <p>Virtual memory, held against one specification: by laws over generated cases, by proofs about the
            compiled code, by real processors and a real kernel. Each part below says what was tried and what came
            of it. Seed {told.Done.Seed}; one seed gives one result on every machine.</p>
            {Figures(told)}</header>
            <nav aria-label="Sections"><ul>{string.Concat(Sections.Select(section => section.Link))}</ul></nav>
            <main id="main">
            """);
        foreach (var section in Sections)
        {
            page.AppendLine(section.Html(told));
        }

        return page.Append("</main></body></html>\n").ToString();
    }

    private static string Figures(AssuranceData told)
    {
        var lines = told.Done.Lines.Select(each => each.Line).ToList();
        (string Figure, string Words)[] figures =
        [
            (Number(lines.Count(line => line.Result == VerifyResult.Holds)), "claims held"),
            (Number(lines.Count(line => line.Result == VerifyResult.Refuted)), "refuted"),
            (Number(lines.Count(line => line.Result == VerifyResult.Skipped)), "could not be tried here"),
            (Number(lines.Sum(line => line.Cases)), "cases"),
            (Number(told.Tasks.OfType<Theorem>().Count()), "theorems"),
            ($"{told.Bugs.Outcomes.Count(bug => bug.IsFound)} of {told.Bugs.Outcomes.Count}", "historical bugs found"),
        ];
        return "<dl class=\"figures\">" + string.Concat(figures.Select(each =>
            $"<div><dt>{each.Words}</dt><dd>{each.Figure}</dd></div>")) + "</dl>";
    }

    private static string Lines(AssuranceData told, string part) => Table(
        $"Claims about {part}",
        ["Claim", "Put to", "Cases", "Result", "Detail"],
        told.Done.Lines.Where(each => each.Part == part).Select(each => (string[])
        [
            Text(each.Line.Claim),
            Text(each.Line.About),
            Number(each.Line.Cases),
            Result(each.Line.Result),
            $"<pre>{Text(each.Line.Detail)}</pre>",
        ]));

    // The line of a theorem begins with its name; one more tells of all witnesses together.
    private static string Theorems(AssuranceData told)
    {
        var lines = told.Done.Lines.Where(each => each.Part == "proofs").Select(each => each.Line).ToList();
        var ofTheorem = lines.ToLookup(line => line.Claim.Split(": ")[0]);
        var names = told.Tasks.OfType<Theorem>().Select(theorem => theorem.Name).ToHashSet();
        var rows = told.Tasks.OfType<Theorem>().Select(theorem => (string[])
        [
            theorem.Name,
            Text(theorem.Statement),
            Result(ofTheorem[theorem.Name].Select(line => line.Result).FirstOrDefault(VerifyResult.Skipped)),
            string.Join("<br>", WitnessesOf(theorem, told.Tasks)),
        ]);
        rows = rows.Concat(told.Tasks.OfType<Witness>().Where(witness => !names.Contains(TwinOf(witness)))
            .Select(witness => (string[])[witness.Name, Text(witness.Statement), "a witness of its own", ""]));
        return Table("Theorems", ["Theorem", "What it says", "Result", "Witnesses"], rows)
            + string.Concat(ofTheorem.Where(line => !names.Contains(line.Key)).SelectMany(line => line)
                .Select(line => $"<p>{Text(line.Claim)}: {Result(line.Result)} {Text(line.Detail)}</p>"));
    }

    private static IEnumerable<string> WitnessesOf(Theorem theorem, IReadOnlyList<ProofTask> tasks) =>
        tasks.OfType<Witness>().Where(witness => TwinOf(witness) == theorem.Name)
            .Select(witness => $"{witness.Name}: {Text(witness.Statement)}");

    // A twin has the name of its theorem and a prime or two.
    private static string TwinOf(Witness witness) => witness.Name.TrimEnd('\'');

    private static string Claims(IReadOnlyList<SpecClaim> claims) =>
        string.Concat(claims.GroupBy(claim => claim.Domain).Select(domain =>
            $"<details><summary>{domain.Key} ({domain.Count()})</summary>"
            + Table($"The Spec of {domain.Key}", ["Part", "What it says", "Source"], domain.Select(claim => (string[])
                [$"<code>{Text(claim.Name)}</code>", Text(claim.Words), Text(claim.Source)]))
            + "</details>"));
}
