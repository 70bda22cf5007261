using System.Globalization;
using System.Net;
using PageProof.Cli.Verify;

namespace PageProof.Cli.Assurance;

/// <summary>Pieces of a page.</summary>
internal static class HtmlPieces
{
    /// <summary>A table of which each row begins with its head; it scrolls in itself where there is no room.</summary>
    public static string Table(string label, string[] columns, IEnumerable<string[]> rows) =>
        $"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table><thead><tr>"
        + string.Concat(columns.Select(column => $"<th scope=\"col\">{column}</th>")) + "</tr></thead><tbody>"
        + string.Concat(rows.Select(Row)) + "</tbody></table></div>";

    /// <summary>What came of a claim, in its colour.</summary>
    public static string Result(VerifyResult result, string? word = null)
    {
        string name = result.ToString().ToLowerInvariant();
        return $"<span class=\"{name}\">{word ?? name}</span>";
    }

    /// <summary>A number as people read it.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Text as text.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Row(string[] cells) => $"<tr><th scope=\"row\">{cells[0]}</th>"
        + string.Concat(cells.Skip(1).Select(cell => $"<td>{cell}</td>")) + "</tr>\n";
}
