using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Solving;

namespace PageProof.Tests.SmtModels.Solving;

/// <summary>Z3 in this process: answers, models of memories, limits, threads.</summary>
public sealed class Z3SolverTests
{
    private readonly TermPool _pool = new();

    private Term Memory => _pool.Variable("m", Sort.Memory);

    private Term Other => _pool.Variable("n", Sort.Memory);

    [Fact]
    public void Nothing_asserted_holds_and_falsehood_does_not()
    {
        using var solver = Solvers.Z3();
        Assert.Empty(solver.Solve(new(_pool, []), Solvers.Long).Model!);
        Assert.Equal(SolverStatus.Unsatisfiable, solver.Solve(new(_pool, [_pool.False]), Solvers.Long).Status);
    }

    [Fact]
    public void A_variable_that_does_not_matter_has_a_value_too()
    {
        using var solver = Solvers.Z3();
        var x = _pool.Variable("x", Sort.BitVec(7));
        var free = _pool.Or(_pool.Variable("b", Sort.Bool), _pool.Ult(x, _pool.BitVec(100, 7)));
        Assert.Equal(2, solver.Solve(new(_pool, [free]), Solvers.Long).Model!.Count);
    }

    [Fact]
    public void Models_of_memories_hold()
    {
        using var solver = Solvers.Z3();
        var at = _pool.Variable("p", Sort.BitVec(64));
        Term[] goal =
        [
            _pool.Equal(_pool.Select(Memory, at), Word(7)),
            _pool.Equal(_pool.Select(Memory, _pool.Select(Memory, at)), Word(9)),
            _pool.Not(_pool.Equal(Memory, Other)),
            _pool.Equal(_pool.Store(Memory, Word(64), Word(1)), _pool.Store(Other, Word(64), Word(1))),
            _pool.Not(_pool.Equal(Memory, _pool.ConstantMemory(Word(9)))),
        ];
        var model = solver.Solve(new(_pool, goal), Solvers.Long).Model!;
        Assert.Equal(9UL, model[Memory].Memory[7]);
        Assert.NotEqual(model[Memory].Memory[64], model[Other].Memory[64]);
    }

    [Fact]
    public void A_truth_that_says_whether_memories_are_the_same_has_a_value()
    {
        using var solver = Solvers.Z3();
        var same = _pool.Variable("same", Sort.Bool);
        var written = _pool.Store(Memory, Word(16), _pool.Select(Other, Word(24)));
        Term[] goal =
        [
            _pool.Equal(same, _pool.Equal(Memory, written)),
            _pool.Ult(_pool.Select(Memory, Word(16)), _pool.Select(written, Word(16))),
        ];
        Assert.False(solver.Solve(new(_pool, goal), Solvers.Long).Model![same].IsTrue);
    }

    [Fact]
    public void Two_walks_of_the_same_memory_agree()
    {
        using var solver = Solvers.Z3();
        var mask = Word(0x000f_ffff_ffff_f000);
        var address = _pool.Variable("address", Sort.BitVec(64));
        Term one = _pool.Variable("root", Sort.BitVec(64));
        var other = one;
        for (int shift = 39; shift >= 12; shift -= 9)
        {
            // The second walk adds where the first joins, which is the same as tables are aligned.
            var index = _pool.BvShl(_pool.BvAnd(_pool.BvLshr(address, Word((ulong)shift)), Word(511)), Word(3));
            one = _pool.Select(Memory, _pool.BvOr(_pool.BvAnd(one, mask), index));
            other = _pool.Select(Memory, _pool.BvSub(_pool.BvAnd(other, mask), _pool.BvNeg(index)));
        }

        Assert.NotSame(one, other);
        Goal goal = new(_pool, [_pool.Not(_pool.Equal(one, other))]);
        Assert.Equal(SolverStatus.Unsatisfiable, solver.Solve(goal, Solvers.Long).Status);
    }

    [Fact]
    public void A_goal_that_takes_too_long_is_unknown_for_its_time()
    {
        using var solver = Solvers.Z3();
        var answer = solver.Solve(HardGoal.In(_pool), TimeSpan.FromMilliseconds(150));
        Assert.Equal((SolverStatus.Unknown, "timeout"), (answer.Status, answer.Reason));
        Assert.InRange(answer.Elapsed, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => solver.Solve(HardGoal.In(_pool), TimeSpan.Zero));
    }

    [Fact]
    public void Threads_solve_at_once()
    {
        using var solver = Solvers.Z3();
        Parallel.For(0, 8, new() { MaxDegreeOfParallelism = 4 }, number =>
        {
            TermPool pool = new();
            var x = pool.Variable("x", Sort.BitVec(32));
            var triple = pool.Equal(pool.BvMul(x, pool.BitVec(3, 32)), pool.BitVec((ulong)number, 32));
            ulong found = solver.Solve(new(pool, [triple]), Solvers.Long).Model![x].Word;
            Assert.Equal((uint)number, (uint)found * 3);
        });
    }

    private Term Word(ulong value) => _pool.BitVec(value, 64);
}
