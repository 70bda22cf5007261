using System.Collections.Concurrent;
using PageProof.Cli.Mutate;
using PageProof.Mutation.Domain;

namespace PageProof.Tests.Mutation.Domain;

/// <summary>
/// The mutants of the shipped walk are many, each is a program, and the theorem judges them as it
/// should: one that must die dies, and one that is equivalent is proved to be.
/// </summary>
public sealed class DomainWalkerTests(DomainWalkerTests.Walk walk) : IClassFixture<DomainWalkerTests.Walk>
{
    private const int CountMin = 100;

    [Fact]
    public void There_are_enough_mutants_and_no_two_are_the_same()
    {
        var mutants = walk.Mutations.Mutants;
        Assert.True(mutants.Count >= CountMin, $"There are only {mutants.Count}.");
        Assert.Distinct(mutants.Select(walk.Mutations.CodeOf));
        Assert.All(
            DomainMutations.Mutators.Except(["dropped flush", "dropped wait"]),
            mutator => Assert.Contains(mutants, mutant => mutant.Mutator == mutator));
        Assert.All(mutants, mutant => Assert.True(mutant.Line > 0, $"{mutant} has no line."));
    }

    [Fact]
    public void Every_part_of_the_walk_is_mutated_and_nothing_else()
    {
        var methods = walk.Mutations.Mutants.Select(mutant => mutant.Method).Distinct().ToList();
        Assert.All(
            (string[])["X86Walker.Walk", "X86Walker.Descend", "X86Walker.Mark", "X86Walker.Denied", "X86Walker.TypeOf",
                "WalkTables..ctor", "AccessRows.Fill", "AccessRows.Row", "AccessRows.CodeOf", "AccessRows.IndexOf",
                "EntryBits.get_IsPresent", "FourLevels.get_Levels", "FiveLevels.get_Levels"],
            method => Assert.Contains(method, methods));
        Assert.DoesNotContain(methods, method => method.StartsWith("FlatMemory.", StringComparison.Ordinal)
            || method.StartsWith("PagingTranslator.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_mutants_come_in_the_same_order()
    {
        using var again = DomainTarget.OpenWalk();
        Assert.Equal(walk.Mutations.Mutants, again.Mutants);
    }

    [Fact]
    public void A_mutant_of_each_kind_in_each_method_is_loaded_and_compiled()
    {
        ConcurrentBag<string> refused = [];
        Parallel.ForEach(walk.Mutations.Mutants.DistinctBy(mutant => (mutant.Mutator, mutant.Method)), mutant =>
        {
            string name = mutant.Method[..mutant.Method.IndexOf('.')];
            try
            {
                CompiledImage.Compile(
                    walk.Mutations.Make(mutant),
                    type => type.Name.Split('`')[0] is var each && (each == name || each == "X86Walker"));
            }
            catch (InvalidProgramException error)
            {
                refused.Add($"{mutant}: {error.Message}");
            }
        });
        Assert.Empty(refused);
    }

    [Fact]
    public void Without_a_mutant_there_is_no_difference() => Assert.Equal(
        DomainFate.Equivalent,
        DomainHunt.Control(walk.Mutations, TheoremAlone, TestContext.Current.CancellationToken).Fate);

    [Fact]
    public void A_mutant_that_must_die_is_killed_by_the_theorem()
    {
        var verdict = Judge(TheoremAlone, "Index(address, 39)", "Index(address, 38)");
        Assert.Equal(DomainFate.KilledByTheorem, verdict.Fate);
        Assert.Contains("the Spec says", verdict.Reason, StringComparison.Ordinal);

        // The whole theorem says so too, without the short way by the shipped walk.
        var whole = Judge(TheoremJudge.OfWalk(Nobody).JudgeControl, "Index(address, 39)", "Index(address, 38)");
        Assert.Equal(verdict.Fate, whole.Fate);
    }

    // The place of an entry in its table and the place of the table have no bit in common.
    [Fact]
    public void A_mutant_that_is_equivalent_is_proved_to_be() => Assert.Equal(
        DomainFate.Equivalent,
        Judge(TheoremAlone, "at = table | Index(address, 30)", "at = table ^ Index(address, 30)").Fate);

    [Fact]
    public void Cases_kill_a_walker_that_marks_nothing_or_goes_astray_and_no_other()
    {
        DomainJudge judge = new CaseJudge("paging", 1).Judge;
        Assert.Equal(DomainFate.Survived, DomainHunt.Control(
            walk.Mutations, judge, TestContext.Current.CancellationToken).Fate);
        Assert.Equal(
            DomainFate.KilledByCases, Judge(judge, "Mark(memory, address, row.DirtyBit)", "nothing").Fate);
        Assert.Equal(
            DomainFate.KilledByCases, Judge(judge, "Index(address, 39)", "Index(address, 30)").Fate);
    }

    [Fact]
    public void What_the_theorem_leaves_undecided_goes_to_the_second_judge()
    {
        DomainVerdict second = new(DomainFate.KilledByCases, "By another.");
        var judge = TheoremJudge.OfWalk((_, _) => second, TimeSpan.FromTicks(1));
        var verdict = DomainHunt.Control(walk.Mutations, judge.Judge, TestContext.Current.CancellationToken);
        Assert.Equal(second.Fate, verdict.Fate);
        Assert.Contains("undecided", verdict.Reason, StringComparison.Ordinal);
        Assert.EndsWith(second.Reason, verdict.Reason, StringComparison.Ordinal);
    }

    private static DomainVerdict TheoremAlone(string assembly, CancellationToken cancellation) =>
        TheoremJudge.OfWalk(Nobody).Judge(assembly, cancellation);

    private static DomainVerdict Nobody(string assembly, CancellationToken cancellation) =>
        new(DomainFate.Survived, "Nobody else was asked.");

    private DomainVerdict Judge(DomainJudge judge, string before, string after)
    {
        var mutant = walk.Mutations.Mutants.First(each => each.Before == before && each.After == after);
        var hunt = DomainHunt.Run(
            walk.Mutations, [mutant], judge, cancellation: TestContext.Current.CancellationToken);
        return Assert.Single(hunt.Outcomes).Verdict;
    }

    /// <summary>The mutants, found once.</summary>
    public sealed class Walk : IDisposable
    {
        public DomainMutations Mutations { get; } = DomainTarget.OpenWalk();

        public void Dispose() => Mutations.Dispose();
    }
}
