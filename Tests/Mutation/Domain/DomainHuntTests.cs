using System.Text.Json.Nodes;
using PageProof.Cli;
using PageProof.Cli.Mutate;
using PageProof.Contract;
using PageProof.Mutation.Domain;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Mutation.Domain;

/// <summary>Every mutant is judged once, and what became of it is counted and told.</summary>
public sealed class DomainHuntTests
{
    [Fact]
    public void Fates_are_counted_and_survivors_told_with_place_and_change()
    {
        using var mutations = Samples();
        var fates = Enum.GetValues<DomainFate>();
        int judged = 0;
        var hunt = DomainHunt.Run(
            mutations, mutations.Mutants, Judge, cancellation: TestContext.Current.CancellationToken);

        int count = mutations.Mutants.Count;
        Assert.True(count >= fates.Length);
        Assert.Equal(count, judged);
        Assert.Equal(mutations.Mutants, hunt.Outcomes.Select(outcome => outcome.Mutant));
        Assert.Equal(count, fates.Sum(hunt.Of));
        Assert.Equal(hunt.Of(DomainFate.KilledByTheorem) + hunt.Of(DomainFate.KilledByCases), hunt.Killed);
        Assert.Equal(100.0 * hunt.Killed / (count - hunt.Of(DomainFate.Equivalent)), hunt.Score);

        using StringWriter output = new();
        var terminal = Terminal.OfWriters(output, output);
        new DomainTable(terminal).Print(hunt);
        var survivor = hunt.Survivors.First();
        Assert.Contains($"survived: {survivor.Mutant}", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("because of 3", output.ToString(), StringComparison.Ordinal);

        DomainTable.ReportOf(hunt, 1).Write(terminal, JsonFile.ToOutput);
        var report = JsonNode.Parse(output.ToString()[output.ToString().IndexOf('{')..])!;
        Assert.False(report["ok"]!.GetValue<bool>());
        Assert.Equal(count, report["figures"]!["mutants"]!.GetValue<int>());
        Assert.Equal(hunt.Survivors.Count(), report["failures"]!.AsArray().Count);

        DomainVerdict Judge(string assembly, CancellationToken cancellation)
        {
            Assert.True(File.Exists(assembly));
            int number = Interlocked.Increment(ref judged) % fates.Length;
            return new(fates[number], $"because of {number}");
        }
    }

    [Fact]
    public void What_stops_a_judge_stops_the_hunt_and_leaves_nothing_behind()
    {
        using var mutations = Samples();
        string? place = null;
        var error = Assert.Throws<UserError>(() => DomainHunt.Run(
            mutations,
            mutations.Mutants,
            (assembly, _) => throw new UserError(place = assembly),
            cancellation: TestContext.Current.CancellationToken));
        Assert.EndsWith("PageProof.Implementation.dll", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(Path.GetDirectoryName(place))));
    }

    [Fact]
    public void All_equivalent_is_a_full_score()
    {
        using var mutations = Samples();
        var hunt = DomainHunt.Run(
            mutations,
            mutations.Mutants,
            (_, _) => new(DomainFate.Equivalent, "It is."),
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(100, hunt.Score);
        Assert.True(DomainTable.ReportOf(hunt, 1).Ok);
    }

    [Theory]
    [InlineData("--of", "--domain", "--of", "spec")]
    [InlineData("--canaries", "--domain", "--canaries")]
    [InlineData("--controls", "--domain", "--controls")]
    [InlineData("--from", "--domain", "--from", "report.json")]
    [InlineData("--every goes with --domain", "--every", "2")]
    [InlineData("--only goes with --domain", "--only", "constant")]
    [InlineData("There is no mutator 'tea'", "--domain", "--only", "tea")]
    [InlineData("--every", "--domain", "--every", "0")]
    [InlineData("--every", "--domain", "--every", "tea")]
    [InlineData("'tea'", "tea", "--domain")]
    public void A_command_line_that_makes_no_sense_is_refused(string named, params string[] arguments) =>
        Assert.Contains(named, ToolRun.Of(["mutate", .. arguments]).MustRefuse(), StringComparison.Ordinal);

    private static DomainMutations Samples() => DomainMutations.OfMethods(
        typeof(MutatorSamples).Assembly.Location, typeof(MutatorSamples).FullName!, "Field", "Gathered", "Unsigned");
}
