using PageProof.Properties.Harness;
using PageProof.Properties.Paging;
using PageProof.Spec;

namespace PageProof.Tests.Mutation;

/// <summary>
/// What a twin law is worth: of errors that the Spec and the Implementation would share, so that the
/// lockstep law sees none, each is caught by the law that its patch names, and by no other twin law.
/// </summary>
public sealed class TwinCanaryTests(CanaryFixture canaries, ITestOutputHelper output)
    : IClassFixture<CanaryFixture>
{
    private const int Cases = 200_000;

    public static TheoryData<string> Files => [.. CanaryFixture.Patches
        .Where(patch => patch.Project == "Spec").Select(patch => patch.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_own_law_alone_catches(string file)
    {
        var patch = CanaryFixture.Patches.Single(patch => patch.File == file);
        using var system = canaries.Load(patch);
        var refuted = PagingLaws.Twins(system.System)
            .Select(law => law.Run(1, RunLength.Of(Cases)))
            .Where(report => report.Failure is not null).ToList();
        var report = Assert.Single(refuted);
        Assert.Equal(patch.Law, report.Law);
        output.WriteLine(report.Failure!.Story);
    }

    [Fact]
    public void Every_twin_law_has_a_canary() => Assert.Equal(
        PagingLaws.Twins(new SpecSystem()).Select(law => law.Name).Order(StringComparer.Ordinal),
        CanaryFixture.Patches.Where(patch => patch.Project == "Spec").Select(patch => patch.Law)
            .Order(StringComparer.Ordinal));
}
