using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PageProof.Cli.Check;
using PageProof.Contract;

namespace PageProof.Cli.Ablate;

/// <summary>
/// What is known of the need for each law: figures in <c>docs/ablation.json</c>, and the same as tables that people
/// read in <c>docs/ablation.md</c>. Both are written by the tool alone. What is to be said of laws that nothing needs
/// is in <c>mutation-config/ablation.json</c>, by hand.
/// </summary>
public static class AblationFile
{
    private const string Json = "docs/ablation.json";
    private const string Tables = "docs/ablation.md";
    private const string Arguments = "mutation-config/ablation.json";

    // More names than this say no more to a reader; the JSON has them all.
    private const int NamesMax = 6;

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
    public static IReadOnlyList<AblationRow> Read(string root) => ReadList<AblationRow>(root, Json);

    /// <summary>Why laws are kept that nothing needs.</summary>
    /// <exception cref="UserError">The file has another form.</exception>
    public static IReadOnlyList<LawArgument> ReadArguments(string root) => ReadList<LawArgument>(root, Arguments);

    /// <summary>Puts a row in the place of the last one of its domain, and writes both files.</summary>
    public static void Keep(string root, AblationRow row)
    {
        var kept = Read(root).Where(each => each.Domain != row.Domain).Append(row).ToLookup(each => each.Domain);
        List<AblationRow> rows = [.. DomainLaws.All.SelectMany(laws => kept[laws.Name])];
        OutputFile.Write(Path.Combine(root, Json), "JSON", JsonSerializer.Serialize(rows, Options) + "\n");
        OutputFile.Write(Path.Combine(root, Tables), "table", TablesOf(rows, ReadArguments(root)));
    }

    /// <summary>A table for each domain, and below them the laws that nothing needs.</summary>
    public static string TablesOf(IReadOnlyList<AblationRow> rows, IReadOnlyList<LawArgument> arguments)
    {
        StringBuilder text = new("""
            # What each law is needed for

            Each canary and each bug that a real system had is put to every law of its domain alone. **Notices** says
            of how many of them the law is refuted; **alone** how many of these no other law of the domain notices:
            without the law they would escape. Written by `pageproof ablate --keep`; not by hand.

            - A law stops at the case that refutes it, and has at most the cases that are told below the table, which
              are those of a hunt for canaries or fewer. What needs more counts as escaped here.
            - A fault of the Spec is put into what laws compare with, too, as an error would be that Spec and
              Implementation share. The laws of agreement are blind to it then.


            """.ReplaceLineEndings("\n"));
        foreach (var row in rows)
        {
            Append(text, row);
        }

        int laws = rows.Sum(row => row.Laws.Count), needed = laws - rows.Sum(row => row.Unneeded.Count());
        text.Append("## All together\n\n");
        text.Append(CultureInfo.InvariantCulture,
            $"Of {laws} laws of {rows.Count} domains {needed} are needed, for {rows.Sum(row => row.Faults.Count)} ");
        text.Append(CultureInfo.InvariantCulture,
            $"faults; {rows.Sum(row => row.Escaped.Count())} of the faults escape every law.\n");
        var unneeded = rows.SelectMany(row => row.Unneeded.Select(law => (row.Domain, Law: law))).ToList();
        if (unneeded.Count > 0)
        {
            text.Append("\n## Laws that nothing needs so far\n\n");
        }

        foreach (var (domain, law) in unneeded)
        {
            string why = arguments.FirstOrDefault(each => (each.Domain, each.Law) == (domain, law))?.Why
                ?? "Nothing is said for it yet.";
            text.Append(CultureInfo.InvariantCulture, $"- {domain}, *{law}*: {why}\n");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, AblationRow row)
    {
        text.Append(CultureInfo.InvariantCulture, $"## {row.Domain}\n\n");
        text.Append("| law | notices | alone | which |\n|---|---|---|---|\n");
        foreach (string law in row.Laws)
        {
            List<FaultRow> alone = [.. row.OnlyBy(law)];
            text.Append(CultureInfo.InvariantCulture, $"| {law} | {row.Notices(law)} | {alone.Count} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Names(alone, row)} |\n");
        }

        text.Append(CultureInfo.InvariantCulture,
            $"\n{row.Faults.Count} faults, at most {row.Cases} cases, seed {row.Seed}, commit {row.Revision}, ");
        text.Append(CultureInfo.InvariantCulture, $"{row.Seconds / 60:0.0} minutes.");
        List<FaultRow> escaped = [.. row.Escaped];
        if (escaped.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture,
                $" Noticed by none: {string.Join("; ", escaped.Select(fault => fault.Title))}.");
        }

        text.Append("\n\n");
    }

    private static string Names(List<FaultRow> faults, AblationRow row)
    {
        if (row.Laws.Count == 1)
        {
            return "the only law of the domain";
        }

        string names = string.Join("; ", faults.Take(NamesMax).Select(fault => fault.Title));
        return faults.Count <= NamesMax ? names : $"{names}; and {faults.Count - NamesMax} more";
    }

    private static List<T> ReadList<T>(string root, string file)
    {
        string path = Path.Combine(root, file);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<List<T>>(File.ReadAllText(path), Options) ?? [] : [];
        }
        catch (JsonException)
        {
            throw new UserError($"{path} is not what 'pageproof ablate' reads and writes.");
        }
    }
}
