using PageProof.Cli.Check;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;
using PageProof.Properties.Harness;

namespace PageProof.Tests.Bugs;

/// <summary>
/// Bugs that were written from the Implementation alone, before anybody looked at a law: each is still found by the law
/// that found it then, or by one before it.
/// </summary>
[Slow]
public sealed class BlindBugTests(ITestOutputHelper output)
{
    private const ulong Seed = 1;

    // The shyest was met at case 14,336.
    private const long Cases = 40_000;

    private static readonly string Folder = Path.Combine(ProjectSources.FindRoot(), "mutation-config", "blind");

    public static TheoryData<string> Files => [.. Patch.ReadFolder(Folder).Select(patch => patch.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void It_is_found(string file)
    {
        var patch = Patch.Read(Path.Combine(Folder, file));
        using var loaded = SystemAssembly.Load(PatchCompiler.OfRepository().Compile(patch));
        var report = DomainLaws.Of(patch.Domain).FirstRefuted(loaded.System, Seed, RunLength.Of(Cases));
        Assert.NotNull(report.Failure);
        output.WriteLine($"{patch.Name}, at case {report.Failure.Index}:");
        output.WriteLine(report.Failure.Story);
        Assert.Equal(patch.Law, report.Law);
    }

    [Fact]
    public void There_are_six() => Assert.Equal(6, Files.Count);
}
