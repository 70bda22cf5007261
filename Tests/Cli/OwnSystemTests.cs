using System.Text.RegularExpressions;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;
using PageProof.Tests.House;
using PageProof.Tests.Mutation;

namespace PageProof.Tests.Cli;

/// <summary>
/// docs/your-own-system.md tells how a naive MMU is refuted and mended, step by step. Each story in it is the one
/// that is told, each change leads to the next story, and after the last nothing is found.
/// </summary>
public sealed partial class OwnSystemTests
{
    private const string File = "Implementation/NaiveMmu.cs";
    private const string Source = "Templates/OwnSystem/NaiveMmu.cs";
    private const ulong Seed = 1;

    [Fact]
    public void What_the_document_tells_of_a_naive_MMU_is_what_happens()
    {
        string document = Repository.Read("docs/your-own-system.md");
        var stories = Story().Matches(document).Select(match => match.Groups[1].Value).ToArray();
        var changes = Change().Matches(document).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(changes.Length, stories.Length);
        Assert.NotEmpty(stories);

        using Compilation compilation = new();
        string source = Repository.Read(Source);
        foreach (var (story, change) in stories.Zip(changes))
        {
            Assert.StartsWith(story, compilation.FirstFailure(source)?.Story);
            source = Mended(source, change);
        }

        Assert.Null(compilation.FirstFailure(source));
    }

    [Fact]
    public void The_template_asks_for_the_version_that_is_packed()
    {
        string version = Version().Match(Repository.Read("Directory.Build.props")).Groups[1].Value;
        Assert.Contains(
            $"Include=\"PageProof.Contract\" Version=\"{version}\"",
            Repository.Read("Templates/OwnSystem/NaiveMmu.csproj"));
        Assert.Contains($"PageProof.Templates.{version}.nupkg", Repository.Read("docs/your-own-system.md"));
    }

    private static string Mended(string source, string change)
    {
        string[] lines = [$"--- a/{File}", $"+++ b/{File}", .. change.Split('\n')];
        return HunkApplier.Apply("The document", UnifiedDiff.Read("The document", lines, 0).Single(), source);
    }

    private static ProjectSources SourcesOf(string source) =>
        SampleSystem.Sources with { Files = new Dictionary<string, string> { [File] = source } };

    [GeneratedRegex(@"```text\n((?:read|write|fetch) [^`]*)\n```")]
    private static partial Regex Story();

    [GeneratedRegex(@"```diff\n([^`]*)\n```")]
    private static partial Regex Change();

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex Version();

    // The naive MMU in one state of its source after the other.
    private sealed class Compilation : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pageproof-own-");

        public CheckFailure? FirstFailure(string source)
        {
            PatchCompiler compiler = new(_folder.FullName, new(Path.Combine(_folder.FullName, "cache")));
            using var loaded = SystemAssembly.Load(compiler.Compile(SourcesOf(source), "The naive MMU"));
            return PagingLaws.RunAll(loaded.System, Seed, RunLength.Of(100_000))
                .Select(report => report.Failure).FirstOrDefault(failure => failure is not null);
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
