using PageProof.SmtModels.Smt;

namespace PageProof.Tests.SmtModels.Smt;

/// <summary>One example of each rule about memories, and what their values are.</summary>
public sealed class MemoryRuleTests
{
    private readonly TermPool _pool = new();

    private Term A => _pool.Variable("a", Sort.Bool);

    private Term Memory => _pool.Variable("m", Sort.Memory);

    private Term X => _pool.Variable("x", Sort.BitVec(64));

    private Term Y => _pool.Variable("y", Sort.BitVec(64));

    [Fact]
    public void A_read_finds_what_was_written()
    {
        Assert.Same(Y, _pool.Select(_pool.Store(Memory, X, Y), X));
        Assert.Same(Y, _pool.Select(_pool.ConstantMemory(Y), X));
        var next = _pool.BvAdd(X, Word(8));
        Assert.Same(_pool.Select(Memory, next), _pool.Select(_pool.Store(Memory, X, Y), next));
        var odd = _pool.BvOr(Y, Word(1));
        var even = _pool.BvAnd(X, Word(~1UL));
        Assert.Same(_pool.Select(Memory, even), _pool.Select(_pool.Store(Memory, odd, Y), even));
        Assert.Equal(TermKind.Select, _pool.Select(_pool.Store(Memory, X, Word(1)), Y).Kind);
    }

    [Fact]
    public void A_write_replaces_the_one_before_it()
    {
        Assert.Same(_pool.Store(Memory, X, Word(2)), _pool.Store(_pool.Store(Memory, X, Word(1)), X, Word(2)));
        Assert.Same(Memory, _pool.Store(Memory, X, _pool.Select(Memory, X)));
    }

    [Fact]
    public void A_choice_between_memories_is_a_choice_of_what_is_written()
    {
        var written = _pool.Store(Memory, X, Word(1));
        var kept = _pool.Select(Memory, X);
        Assert.Same(_pool.Store(Memory, X, _pool.Ite(A, Word(1), kept)), _pool.Ite(A, written, Memory));
        Assert.Same(
            _pool.Store(Memory, X, _pool.Ite(A, Word(1), Word(2))),
            _pool.Ite(A, written, _pool.Store(Memory, X, Word(2))));
        var unrelated = _pool.Ite(A, Memory, _pool.Variable("n", Sort.Memory));
        Assert.Equal(TermKind.Ite, unrelated.Kind);
        Assert.Equal(TermKind.Ite, _pool.Select(unrelated, X).Kind);
    }

    [Fact]
    public void Values_of_memories_compare_by_content()
    {
        MemoryValue memory = new(5, [new(8, 1), new(16, 5)]);
        Assert.Equal(new MemoryValue(5).With(8, 1), memory);
        Assert.Equal(memory.GetHashCode(), new MemoryValue(5).With(8, 1).GetHashCode());
        Assert.NotEqual(new MemoryValue(4).With(8, 1), memory);
        Assert.Equal(1UL, memory[8]);
        Assert.Equal(5UL, memory[16]);
        Assert.Empty(memory.With(8, 5).Entries);
        Assert.Equal(Value.Of(memory), Value.Of(new MemoryValue(5, [new(8, 1)])));
        Assert.NotEqual(Value.Of(0), Value.Of(new MemoryValue(0)));
    }

    [Fact]
    public void A_variable_without_a_fitting_value_is_an_error()
    {
        Assert.Throws<KeyNotFoundException>(() => new Evaluator(new Dictionary<Term, Value>()).Evaluate(X));
        Assert.Throws<ArgumentException>(() => With(Memory, Value.Of(1)));
        Assert.Throws<ArgumentException>(() => With(A, Value.Of(2)));
        Assert.Throws<ArgumentException>(() => With(X, Value.Of(new MemoryValue(0))));

        static void With(Term variable, Value value) =>
            new Evaluator(new Dictionary<Term, Value> { [variable] = value }).Evaluate(variable);
    }

    private Term Word(ulong value) => _pool.BitVec(value, 64);
}
