using System.Text.RegularExpressions;
using System.Xml.Linq;
using PageProof.Contract;

namespace PageProof.Cli.Assurance;

/// <summary>What one part of the Spec says, in the words of its documentation comment.</summary>
/// <param name="Domain">The domain that it belongs to.</param>
/// <param name="Name">Its name.</param>
/// <param name="Words">What it says.</param>
/// <param name="Source">The manual and the section that it follows.</param>
public sealed partial record SpecClaim(string Domain, string Name, string Words, string Source)
{
    private const string File = "PageProof.Spec.xml";
    private const string Prefix = "T:PageProof.Spec.";
    private const string SourceMark = "Source:";

    /// <summary>Every part of the Spec that names a source, by domain and name.</summary>
    /// <exception cref="UserError">The documentation is not beside the tool.</exception>
    public static IReadOnlyList<SpecClaim> ReadAll()
    {
        string path = Path.Combine(AppContext.BaseDirectory, File);
        if (!System.IO.File.Exists(path))
        {
            throw new UserError($"{File}, which holds the words of the Spec, is not beside the tool.");
        }

        return [.. XDocument.Load(path).Descendants("member").Select(Read).OfType<SpecClaim>()
            .OrderBy(claim => claim.Domain, StringComparer.Ordinal)
            .ThenBy(claim => claim.Name, StringComparer.Ordinal)];
    }

    private static SpecClaim? Read(XElement member)
    {
        string name = (string)member.Attribute("name")!;
        string[] parts = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..].Split('.') : [];
        string words = member.Element("summary") is { } summary ? TextOf(summary) : "";
        int source = words.IndexOf(SourceMark, StringComparison.Ordinal);
        return parts.Length == 2 && source >= 0
            ? new(parts[0], parts[1], words[..source].Trim(), words[(source + SourceMark.Length)..].Trim())
            : null;
    }

    // References become the last part of their names; drawings stay in the code.
    private static string TextOf(XElement summary) => Spaces().Replace(
        string.Concat(summary.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" or "typeparamref" } reference => NameOf(reference),
            XElement { Name.LocalName: "c" } code => code.Value,
            _ => "",
        })),
        " ").Trim();

    private static string NameOf(XElement reference)
    {
        string name = (string?)(reference.Attribute("cref") ?? reference.Attribute("name")) ?? "";
        return name.Split('(')[0].Split('.')[^1];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
