using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Theorems;

/// <summary>What the prover makes of a solver's answers: only a whole and honest proof is one.</summary>
public sealed class ProverTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void What_follows_is_proved()
    {
        var result = Try(ToyScene.Theorem(
            scene => new("first", scene.X.IsBelow(5), scene.X.IsBelow(6)),
            scene => new("second", scene.True, (scene.X ^ scene.Y).Is(scene.Y ^ scene.X))));
        Assert.Equal(Verdict.Proved, result.Verdict);
        Assert.True(result.IsAsExpected);
        Assert.Equal(["first", "second"], result.Steps.Select(step => step.Name));
        Assert.StartsWith("Z3", result.Solver, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_follow_is_refuted_by_the_case_that_reads_best()
    {
        var result = Try(ToyScene.Theorem(
            scene => new("wrong", scene.X.IsWithin(10, 1_000), scene.X.IsBelow(20) | scene.X.Is(scene.Y)),
            scene => new("never asked", scene.True, scene.True)));
        Assert.Equal(Verdict.Refuted, result.Verdict);
        Assert.False(result.IsAsExpected);
        Assert.False(result.AllTried);

        // The first preference cannot be met, and the second can.
        Assert.Matches("^x [2-9][0-9], y 7$", result.Counterexample!.Story);
        Assert.Single(result.Steps);
    }

    [Fact]
    public void Assumptions_that_no_case_meets_prove_nothing()
    {
        var result = Try(ToyScene.Theorem(
            scene => new(
                "vacuous",
                scene.X.IsBelow(5) & scene.Y.IsBelow(scene.X) & scene.Y.IsWithin(5, 9),
                scene.X.Is(0)),
            scene => new("good", scene.True, scene.X.Is(scene.X))));
        Assert.Equal(Verdict.AssumptionsUnsatisfiable, result.Verdict);
        Assert.False(result.IsAsExpected);
    }

    [Fact]
    public void Contradictory_assumptions_are_found_also_when_the_claim_is_plainly_true()
    {
        var result = Try(ToyScene.Theorem(scene => new("vacuous", !scene.True, scene.True)));
        Assert.Equal(Verdict.AssumptionsUnsatisfiable, result.Verdict);
    }

    [Fact]
    public void What_takes_too_long_is_not_proved()
    {
        // That a number of 64 bits is a product of two primes of 32: too much for a twentieth of a second.
        var hard = ToyScene.Theorem(scene =>
        {
            var pool = scene.Pool;
            Word product = new(pool, pool.BvMul(scene.X.Term, scene.Y.Term));
            return new(
                "factors",
                scene.X.IsWithin(2, uint.MaxValue) & scene.Y.IsWithin(2, uint.MaxValue),
                !product.Is(4_294_967_291UL * 4_294_967_279UL));
        });
        using Z3Solver solver = new();
        var result = new Prover(solver, TimeSpan.FromMilliseconds(50)).Try(hard, ToyScene.Nothing, Running);
        Assert.Equal(Verdict.TimedOut, result.Verdict);
        Assert.False(result.IsAsExpected);
    }

    [Theory]
    [InlineData("timeout", Verdict.TimedOut)]
    [InlineData("incomplete", Verdict.Unknown)]
    [InlineData(null, Verdict.Unknown)]
    public void A_solver_that_gives_up_proves_nothing(string? reason, Verdict verdict)
    {
        using Oracle oracle = new(goal => new(SolverStatus.Unknown, null, reason, TimeSpan.Zero));
        var result = new Prover(oracle, Limit).Try(Simple, ToyScene.Nothing, Running);
        Assert.Equal(verdict, result.Verdict);
        Assert.False(result.IsAsExpected);
    }

    [Fact]
    public void A_later_step_that_holds_does_not_heal_an_earlier_one()
    {
        int asked = 0;
        using Oracle oracle = new(goal => (asked++) switch
        {
            0 => new(SolverStatus.Satisfiable, null, null, TimeSpan.Zero),
            1 => new(SolverStatus.Unknown, null, "timeout", TimeSpan.Zero),
            _ => new(SolverStatus.Unsatisfiable, null, null, TimeSpan.Zero),
        });
        var result = new Prover(oracle, Limit).Try(
            ToyScene.Theorem(
                scene => new("slow", scene.X.IsBelow(9), scene.Y.IsBelow(9)),
                scene => new("quick", scene.X.IsBelow(9), scene.Y.IsBelow(8))),
            ToyScene.Nothing,
            Running);
        Assert.Equal([Verdict.TimedOut, Verdict.Proved], result.Steps.Select(step => step.Verdict));
        Assert.Equal(Verdict.TimedOut, result.Verdict);

        // The assumptions of the second step are those of the first, and asked for once.
        Assert.Equal(3, asked);
    }

    [Fact]
    public void A_lemma_that_says_too_much_leaves_the_decision_to_what_is_needed()
    {
        var result = Try(ToyScene.Theorem(scene => new("lemma", scene.True, scene.X.Is(0))
        {
            Otherwise = new("needed", scene.True, (scene.X & 1).IsBelow(2)),
        }));
        Assert.True(result.IsAsExpected);
        Assert.Equal("needed", Assert.Single(result.Steps).Name);

        var wrong = Try(ToyScene.Theorem(scene => new("lemma", scene.True, scene.X.Is(0))
        {
            Otherwise = new("needed", scene.True, scene.X.IsBelow(9)),
        }));
        Assert.Equal(Verdict.Refuted, wrong.Verdict);
        Assert.Matches("^x ([0-9]+), y \\1$", wrong.Counterexample!.Story);
    }

    [Fact]
    public void A_witness_is_as_expected_when_it_is_refuted()
    {
        Assert.True(Try(ToyScene.Witness(scene => new("weak", scene.True, scene.X.Is(0)))).IsAsExpected);
        Assert.False(Try(ToyScene.Witness(scene => new("true", scene.True, scene.X.Is(scene.X)))).IsAsExpected);
    }

    [Fact]
    public void A_counterexample_that_the_code_does_not_confirm_is_no_witness()
    {
        var found = Try(ToyScene.Witness(scene => new("weak", scene.True, scene.X.Is(0))));
        var doubted = found with { Counterexample = found.Counterexample! with { Contradiction = "it differs" } };
        Assert.False(doubted.IsAsExpected);
    }

    [Fact]
    public void What_was_not_tried_is_said()
    {
        using CancellationTokenSource cut = new();
        cut.Cancel();
        var result = Assert.Single(ProofRun.TryAll(
            [Simple], ToyScene.Nothing, () => new Z3Solver(), Limit, null, cut.Token));
        Assert.Equal(Verdict.NotTried, result.Verdict);
        Assert.False(result.IsAsExpected);
    }

    [Fact]
    public void Results_come_in_the_order_of_the_tasks()
    {
        var tasks = Enumerable.Range(0, 20).Select(number => Simple with { Name = $"T{number}" }).ToList();
        long told = 0;
        var results = ProofRun.TryAll(
            tasks,
            ToyScene.Nothing,
            () => new Z3Solver(),
            Limit,
            done => Interlocked.Exchange(ref told, done),
            Running);
        Assert.Equal(tasks, results.Select(result => result.Task));
        Assert.All(results, result => Assert.True(result.IsAsExpected));
        Assert.InRange(told, 1, 20);
    }

    [Fact]
    public void What_stops_a_proof_is_told_as_it_is() => Assert.Throws<SolverException>(() =>
        ProofRun.TryAll(
            [Simple], ToyScene.Nothing, () => throw new SolverException("No solver."), Limit, null, Running));

    [Fact]
    public void A_split_is_proved_to_leave_nothing_out()
    {
        var split = (ToyScene scene, ulong border) => new ProofStep(
            "parity", scene.True, (scene.X & 1).IsBelow(2))
            .Split(("low", scene.X.IsBelow(10)), ("high", !scene.X.IsBelow(border)));
        Theorem Of(ulong border) => ToyScene.Theorem(
            [.. Enumerable.Range(0, 3).Select<int, Func<ToyScene, ProofStep>>(
                index => scene => split(scene, border).ElementAt(index))]);
        Assert.Equal(Verdict.Proved, Try(Of(10)).Verdict);
        var gap = Try(Of(11));
        Assert.Equal(Verdict.Refuted, gap.Verdict);
        Assert.Equal("parity.cases", gap.Steps[^1].Name);
    }

    private static CancellationToken Running => TestContext.Current.CancellationToken;

    private static Theorem Simple =>
        ToyScene.Theorem(scene => new("simple", scene.X.IsBelow(5), scene.X.IsBelow(6)));

    private static ProofResult Try(ProofTask task)
    {
        using Z3Solver solver = new();
        return new Prover(solver, Limit).Try(task, ToyScene.Nothing, Running);
    }

    private sealed class Oracle(Func<Goal, SolverAnswer> answer) : ISolver
    {
        public string Name => "oracle";

        public SolverAnswer Solve(Goal goal, TimeSpan limit) => answer(goal);

        public void Dispose()
        {
        }
    }
}
