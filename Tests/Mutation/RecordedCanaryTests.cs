using PageProof.Cli.Reality;
using PageProof.Reality.Recorded;

namespace PageProof.Tests.Mutation;

/// <summary>
/// Recorded answers of real MMUs alone, without the Spec, catch every canary that those systems can
/// show. What they cannot show is listed with its reason.
/// </summary>
public sealed class RecordedCanaryTests(CanaryFixture canaries, ITestOutputHelper output)
    : IClassFixture<CanaryFixture>
{
    /// <summary>Canaries that neither KVM nor QEMU can show, and why.</summary>
    public static IReadOnlyDictionary<string, string> Invisible { get; } = new Dictionary<string, string>
    {
        ["paging-dirty-told-late"] = "a real system shows D itself, not what the walker says of it",
        ["paging-global-without-pge"] = "one access does not show whether a page is global",
        ["paging-implicit-as-explicit"] = "neither system is asked for implicit accesses",
        ["paging-key-without-pke"] = "while keys are off, a page's key does not show",
        ["paging-outside-reported-as-absent"] = "real systems are asked for no table outside their memory",
        ["paging-shadow-stack-under-read-only"] = "neither system has shadow stacks",
        ["paging-shadow-stack-without-cet"] = "neither system has shadow stacks",
        ["paging-small-pat-shift"] = "an access does not show the memory type",
        ["paging-spec-pat-in-one-place"] = "an access does not show the memory type",
        ["paging-write-to-shadow-stack"] = "neither system has shadow stacks",
    };

    public static TheoryData<string> Files => [.. CanaryFixture.Patches.Select(patch => patch.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Facts_alone_catch(string file)
    {
        var patch = CanaryFixture.Patches.Single(patch => patch.File == file);
        using var system = canaries.Load(patch);
        var refutation = RecordedFacts.Paging
            .Select(facts => RealityChecks.LawOf(facts).Of(system.System))
            .FirstOrDefault(report => report.Failure is not null);
        string name = Path.GetFileNameWithoutExtension(file);
        Assert.True(
            refutation is null == Invisible.ContainsKey(name),
            refutation is null ? $"no fact catches {name}" : $"{name} is called invisible, and is caught");
        output.WriteLine(refutation?.Failure!.Story ?? Invisible[name]);
    }
}
