using PageProof.Cli.Ablate;
using PageProof.Cli.Mutate;

namespace PageProof.Tests.Mutation;

/// <summary>What a law is worth is what would escape without it.</summary>
public sealed class LawAblationTests
{
    private static readonly string[] Laws = ["first", "second", "third"];

    [Fact]
    public void A_fault_escapes_without_a_law_when_no_other_notices_it()
    {
        var canaries = CanaryHunt.Patches("frames").Take(3).ToArray();
        LawAblation ablation = new(
            Laws,
            [
                new(canaries[0], ["first", "second"]), new(canaries[1], ["second"]), new(canaries[2], []),
            ],
            TimeSpan.Zero);
        Assert.Equal([1, 2, 0], ablation.Worths.Select(worth => worth.Noticed));
        Assert.Equal([0, 1, 0], ablation.Worths.Select(worth => worth.EscapeWithout.Count));
        Assert.Equal([canaries[1]], ablation.Worths[1].EscapeWithout);
        Assert.Equal([canaries[2]], ablation.Unnoticed);
    }

    [Fact]
    public void The_laws_of_a_fault_are_those_that_it_breaks()
    {
        var canary = CanaryHunt.Patches("frames").First();
        var ablation = LawAblation.Run("frames", [canary], seed: 1, cases: 80);
        Assert.Contains(canary.Law, ablation.Notices.Single().Laws);
        Assert.Contains(canary.Law, ablation.Laws);
    }
}
