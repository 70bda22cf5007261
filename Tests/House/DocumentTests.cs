using System.Text.RegularExpressions;

namespace PageProof.Tests.House;

/// <summary>What the documents say exists, exists.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Folders =
    [
        "Contract", "Spec", "Implementation", "Reality", "Properties", "SmtModels", "Mutation", "Tests", "Cli",
        "Benchmarks", "Templates", "mutation-config", "docs", ".ci", ".github",
    ];

    public static TheoryData<string> Documents =>
        [.. Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_path_in_a_document_exists(string document) => Assert.Empty(
        from match in PathInText().Matches(Repository.Read(document))
        let path = match.Groups[1].Value.TrimEnd('.', ',', ':', '/')
        where Folders.Contains(path.Split('/')[0]) && !path.Contains('*')
        where !Exists(path)
        select $"{document} names {path}");

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_in_a_document_leads_somewhere(string document) => Assert.Empty(
        from match in LinkInText().Matches(Repository.Read(document))
        let target = match.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://")
        where !Exists(Path.Combine(Path.GetDirectoryName(document)!, target))
        select $"{document} links to {target}");

    [Fact]
    public void Every_document_that_readers_are_promised_is_there() => Assert.All(
        (string[])["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "docs/reading-guide.md",
            "docs/decisions.md", "docs/findings.md", "docs/limits.md", "docs/sources.md", "docs/conventions.md"],
        document => Assert.Contains(document, Repository.Files));

    private static bool Exists(string path)
    {
        string full = Path.Combine(Repository.Root, path);
        return File.Exists(full) || Directory.Exists(full);
    }

    // A path between backquotes, of more than one part.
    [GeneratedRegex(@"`((?:[\w.-]+/)+[\w.*-]*)`")]
    private static partial Regex PathInText();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkInText();
}
