using PageProof.Properties.Harness;
using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Solving;
using PageProof.Tests.SmtModels.Smt;

namespace PageProof.Tests.SmtModels.Solving;

/// <summary>
/// Solvers and the evaluator give terms the same meaning: with the variables fixed no term can be other
/// than its value, and a model that a solver finds is one for the evaluator.
/// </summary>
public sealed class AgreementTests
{
    [Fact]
    public void Z3_gives_a_term_the_value_that_evaluation_gives()
    {
        using var solver = Solvers.Z3();
        TermsHaveTheirValues(solver, cases: 40);
    }

    [Fact]
    public void Z3_on_a_pipe_gives_a_term_the_value_that_evaluation_gives()
    {
        using var solver = Solvers.OnPipe("z3 -in");
        TermsHaveTheirValues(solver, cases: 6);
    }

    [Fact]
    public void Cvc5_on_a_pipe_gives_a_term_the_value_that_evaluation_gives()
    {
        using var solver = Solvers.OnPipe("cvc5 --lang smt2");
        TermsHaveTheirValues(solver, cases: 6);
    }

    [Fact]
    public void Z3_finds_models_that_hold()
    {
        using var solver = Solvers.Z3();
        ModelsHold(solver, cases: 60, satisfiableAtLeast: 30);
    }

    [Fact]
    public void Z3_on_a_pipe_finds_models_that_hold()
    {
        using var solver = Solvers.OnPipe("z3 -in");
        ModelsHold(solver, cases: 8, satisfiableAtLeast: 4);
    }

    [Fact]
    public void Cvc5_on_a_pipe_finds_models_that_hold()
    {
        using var solver = Solvers.OnPipe("cvc5 --lang smt2");
        ModelsHold(solver, cases: 8, satisfiableAtLeast: 4);
    }

    private static void TermsHaveTheirValues(ISolver solver, int cases)
    {
        for (long index = 0; index < cases; index++)
        {
            RawCase drawn = new(index, count: 50);
            CaseRandom random = new(seed: 14, index);
            var variables = drawn.OfVariables(RawTermGenerator.Assign(drawn.Terms, ref random));
            Evaluator evaluator = new(variables);
            var fixing = variables.Select(
                pair => drawn.Pool.Equal(pair.Key, Constant(drawn.Pool, pair.Key, pair.Value)));
            var other = TermOrder.Below(drawn.Terms.Select(drawn.Built))
                .Select(term => drawn.Pool.Not(
                    drawn.Pool.Equal(term, Constant(drawn.Pool, term, evaluator.Evaluate(term)))));
            var answer = solver.Solve(new(drawn.Pool, [.. fixing, drawn.Pool.Or([.. other])]), Solvers.Long);
            Assert.True(answer.Status == SolverStatus.Unsatisfiable, $"case {index}: {answer}");
        }
    }

    private static void ModelsHold(ISolver solver, int cases, int satisfiableAtLeast)
    {
        int satisfiable = 0;
        for (long index = 0; index < cases; index++)
        {
            RawCase drawn = new(index);
            var truths = drawn.Terms.Select(drawn.Built)
                .Where(term => term.Sort.IsBool && term.Arguments.Count > 0 && !IsHard(term)).TakeLast(4).ToArray();
            var answer = solver.Solve(new(drawn.Pool, truths), TimeSpan.FromSeconds(2));
            if (answer.Status == SolverStatus.Satisfiable)
            {
                satisfiable++;
                Assert.Equal(TermOrder.VariablesOf(truths).ToHashSet(), answer.Model!.Keys.ToHashSet());
                Assert.All(truths, truth => Assert.True(new Evaluator(answer.Model).Evaluate(truth).IsTrue));
            }
        }

        Assert.True(satisfiable >= satisfiableAtLeast, $"only {satisfiable} of {cases} were satisfiable");
    }

    /// <summary>Products and quotients of wide words take solvers long.</summary>
    private static bool IsHard(Term truth) => TermOrder.Below([truth]).Any(term => term.Width > 8
        && term.Kind is TermKind.BvMul or TermKind.BvUdiv or TermKind.BvUrem or TermKind.BvSdiv or TermKind.BvSrem);

    private static Term Constant(TermPool pool, Term term, Value value)
    {
        if (!value.IsMemory)
        {
            return term.Sort.IsBool ? pool.Bool(value.IsTrue) : pool.BitVec(value.Word, term.Width);
        }

        var memory = pool.ConstantMemory(pool.BitVec(value.Memory.Default, 64));
        return value.Memory.Entries.Aggregate(memory, (below, entry) =>
            pool.Store(below, pool.BitVec(entry.Key, 64), pool.BitVec(entry.Value, 64)));
    }
}
