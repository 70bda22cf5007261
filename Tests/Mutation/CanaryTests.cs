using PageProof.Mutation.Loading;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;

namespace PageProof.Tests.Mutation;

/// <summary>
/// Every canary of paging still applies and compiles, and the agreement law catches it and tells of
/// it; the same sources without a patch, compiled and loaded the same way, it leaves alone.
/// </summary>
public sealed class CanaryTests(CanaryFixture canaries, ITestOutputHelper output)
    : IClassFixture<CanaryFixture>
{
    private const ulong Seed = 1;

    // Ten times what the shyest canary has needed so far.
    private const long CasesMax = 2_000_000;

    public static TheoryData<string> Files => [.. CanaryFixture.Patches.Select(patch => patch.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_agreement_law_catches(string file)
    {
        var patch = CanaryFixture.Patches.Single(patch => patch.File == file);
        using var system = canaries.Load(patch);
        var report = AgreementLaw.Run(system.System, Seed, RunLength.Of(CasesMax));
        Assert.True(report.Failure is not null, $"{file} ({patch.Name}) was not caught in {CasesMax} cases.");
        output.WriteLine($"{patch.Name}: case {report.Failure.Index}, {report.Failure.Shrinks} shrinks, "
            + $"{report.Elapsed.TotalSeconds:0.00} s");
        output.WriteLine(report.Failure.Story);
    }

    [Fact]
    public void The_unpatched_control_is_not_caught()
    {
        using var system = SystemAssembly.Load(canaries.Control);
        Assert.Null(AgreementLaw.Run(system.System, Seed, RunLength.Of(CasesMax / 10)).Failure);
    }
}
