using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PageProof.Contract;

namespace PageProof.Cli.Mutate.Strength;

/// <summary>
/// What is known of the strength of the suite: figures in <c>docs/strength.json</c>, and the same as a table that
/// people read in <c>docs/strength.md</c>. Both are written by the tool alone.
/// </summary>
public static class StrengthFile
{
    private const string Json = "docs/strength.json";
    private const string Table = "docs/strength.md";

    private static readonly string[] Columns =
    [
        "sources", "mutants", "drawn", "killed", "without end", "crashed", "survived", "same code", "proved", "argued",
        "score", "interval", "wanted", "seed", "commit", "minutes",
    ];

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The rows that are kept below a root; none when there is no file.</summary>
    /// <exception cref="UserError">The file is not what the tool writes.</exception>
    public static IReadOnlyList<StrengthRow> Read(string root)
    {
        string path = Path.Combine(root, Json);
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize<List<StrengthRow>>(File.ReadAllText(path), Options) ?? []
                : [];
        }
        catch (JsonException)
        {
            throw new UserError($"{path} is not what 'pageproof mutate --sample' writes.");
        }
    }

    /// <summary>Puts a row in the place of the last one of its set, and writes both files.</summary>
    public static void Keep(string root, StrengthRow row)
    {
        List<StrengthRow> rows = [.. Read(root).Where(each => each.Set != row.Set), row];
        rows.Sort((one, other) => string.CompareOrdinal(one.Set, other.Set));
        OutputFile.Write(Path.Combine(root, Json), "JSON", JsonSerializer.Serialize(rows, Options) + "\n");
        OutputFile.Write(Path.Combine(root, Table), "table", TableOf(rows));
    }

    /// <summary>The table, with the survivors below it.</summary>
    public static string TableOf(IReadOnlyList<StrengthRow> rows)
    {
        StringBuilder text = new("""
            # How strong the suite is

            How much of what can go wrong in the sources is noticed. A mutant is one small change of one expression or
            statement, as Stryker.NET makes them; each that was drawn is compiled as shipped code, and the lane of tests
            of its domain is run on it in a process of its own. Written by `pageproof mutate --sample`; not by hand.

            - **Drawn** of all mutants that are programs, at random, by the seed; **the interval** is where the score of
              all lies with 95 percent, by Wilson. What only the clock stopped counts as not noticed.
            - Those of which the compiler makes the same code are equivalent and do not count; nor do those of which Z3
              proves that the changed method does the same in every case.
            - **Argued** are the survivors of which a comment beside the line says why nothing notices them. They
              count all the same.


            """.ReplaceLineEndings("\n"));
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Columns)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"|{string.Concat(Enumerable.Repeat("---|", Columns.Length))}\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Set} | {row.Mutants} | {row.Judged} | {row.Killed} ");
            text.Append(CultureInfo.InvariantCulture, $"| {row.TimedOut} | {row.Crashed} | {row.Survivors.Count} ");
            text.Append(CultureInfo.InvariantCulture, $"| {row.SameCode} | {row.Proved} | {row.Argued} ");
            text.Append(CultureInfo.InvariantCulture, $"| {row.Score:0.0} % ");
            text.Append(row.Judged == row.Mutants ? "| all " : string.Create(
                CultureInfo.InvariantCulture, $"| {row.Interval.Least:0} to {row.Interval.Most:0} "));
            text.Append(CultureInfo.InvariantCulture, $"| {row.ScoreMin:0} | {row.Seed} | {row.Revision} ");
            text.Append(CultureInfo.InvariantCulture, $"| {row.Seconds / 60:0.0} |\n");
        }

        int counted = rows.Sum(row => row.Counted), survived = rows.Sum(row => row.Survivors.Count);
        text.Append(CultureInfo.InvariantCulture,
            $"\nOf {rows.Sum(row => row.Mutants)} mutants {counted} were judged and count; {survived} survived.\n");
        var survivors = rows.SelectMany(row => row.Survivors).ToList();
        if (survivors.Count > 0)
        {
            text.Append("\n## Survivors\n\nEach wants a better law or test, or an argument beside its line.\n\n");
            survivors.ForEach(each => text.Append(CultureInfo.InvariantCulture, $"- `{each.Replace('`', '\'')}`\n"));
        }

        return text.ToString();
    }
}
