using PageProof.SmtModels.Smt;

namespace PageProof.Tests.SmtModels.Smt;

/// <summary>Terms that are nested so deeply that nothing may recurse into them.</summary>
public sealed class DeepTermTests
{
    private const int Depth = 20_000;

    private readonly TermPool _pool = new();

    private Term X => _pool.Variable("x", Sort.BitVec(64));

    private Term Y => _pool.Variable("y", Sort.BitVec(64));

    [Fact]
    public void Arithmetic_is_evaluated_and_printed_however_deep()
    {
        var term = X;
        ulong expected = 3;
        for (ulong index = 0; index < Depth; index++)
        {
            term = _pool.BvXor(_pool.BvMul(term, Y), _pool.BitVec(index, 64));
            expected = (expected * 5) ^ index;
        }

        Assert.Equal(expected, Evaluate(term));
        using StringWriter script = new();
        SmtLibPrinter.Print(script, _pool, [_pool.Equal(term, _pool.BitVec(expected, 64))]);
        Assert.True(script.ToString().Split('\n').Max(line => line.Length) < 2000);
    }

    [Fact]
    public void Choices_masks_and_conditions_are_built_however_deep()
    {
        var choice = X;
        var word = X;
        var condition = _pool.True;
        for (ulong index = 0; index < Depth; index++)
        {
            var number = _pool.BitVec(index, 64);
            var isNumber = _pool.Equal(Y, number);
            choice = _pool.Ite(isNumber, number, choice);
            word = _pool.BvOr(_pool.BvAnd(word, _pool.BitVec(~(index << 8), 64)), number);
            condition = index % 2 == 0
                ? _pool.Or(condition, _pool.Ult(X, _pool.BvAdd(Y, number)))
                : _pool.And(condition, _pool.Ult(Y, _pool.BvAdd(X, number)));
        }

        var deep = _pool.And(
            condition, _pool.Equal(_pool.Extract(31, 0, choice), _pool.BitVec(7, 32)),
            _pool.Equal(word, choice), _pool.Not(_pool.Equal(choice, _pool.BitVec(1, 64))));
        Assert.Equal(5UL, Evaluate(choice));
        Assert.Equal(0UL, Evaluate(deep));
    }

    [Fact]
    public void Memories_are_read_past_any_number_of_writes()
    {
        var memory = _pool.Variable("m", Sort.Memory);
        for (ulong index = 0; index < 1000; index++)
        {
            memory = _pool.Store(memory, _pool.BvAdd(X, _pool.BitVec(8 * index, 64)), _pool.BitVec(index, 64));
        }

        Assert.Same(_pool.BitVec(0, 64), _pool.Select(memory, X));
        Assert.Equal(999UL, Evaluate(_pool.Select(memory, Y)));
    }

    private ulong Evaluate(Term term) => new Evaluator(new Dictionary<Term, Value>
    {
        [X] = Value.Of(3),
        [Y] = Value.Of(term.Kind == TermKind.Select ? 3 + 8 * 999UL : 5),
        [_pool.Variable("m", Sort.Memory)] = Value.Of(new MemoryValue(0)),
    }).EvaluateWord(term);
}
