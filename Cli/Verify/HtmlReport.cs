using System.Net;
using System.Text;

namespace PageProof.Cli.Verify;

/// <summary>A verification as one page that needs no network, in the current folder's report/.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
        div { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8886; vertical-align: top; }
        td.number { text-align: right; font-variant-numeric: tabular-nums; }
        .holds { color: light-dark(#14662b, #7bd88f); }
        .refuted { color: light-dark(#a11, #ff8c8c); font-weight: bold; }
        .skipped { color: light-dark(#7a5200, #e8c36a); }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font-size: .85rem; }
        """;

    /// <summary>Writes the page; the answer is its path.</summary>
    public static string Write(Verification done) => ReportFolder.Write(Page(done));

    private static string Page(Verification done)
    {
        StringBuilder page = new();
        page.Append($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>PageProof: verification</title><style>{Style}</style></head><body><main>
            <h1>{(done.Holds ? "Everything held" : "Something was refuted")}</h1>
            <p>Seed {done.Seed}, {done.Seconds:0} seconds.</p>
            <div tabindex="0" role="region" aria-label="Claims"><table>
            <thead><tr><th scope="col">Part</th><th scope="col">Claim</th><th scope="col">Put to</th>
            <th scope="col">Cases</th><th scope="col">Result</th><th scope="col">Detail</th></tr></thead><tbody>

            """);
        foreach (var (part, line) in done.Lines)
        {
            string result = line.Result.ToString().ToLowerInvariant();
            page.AppendLine($"<tr><td>{part}</td><td>{Text(line.Claim)}</td><td>{Text(line.About)}</td>"
                + $"<td class=\"number\">{CheckTable.Grouped(line.Cases)}</td>"
                + $"<td class=\"{result}\">{result}</td><td><pre>{Text(line.Detail)}</pre></td></tr>");
        }

        return page.Append("</tbody></table></div></main></body></html>\n").ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
