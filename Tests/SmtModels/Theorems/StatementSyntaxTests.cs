using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Theorems;

/// <summary>The operators in which statements are written mean on terms what they mean on numbers.</summary>
public sealed class StatementSyntaxTests
{
    private static readonly ulong[] Edges =
        [0, 1, 2, 0x7F, 0x80, 0xFF, 0x1234_5678, 1UL << 31, 1UL << 47, 1UL << 63, ulong.MaxValue];

    private readonly TermPool _pool = new();

    [Fact]
    public void Words_compute_as_numbers_do()
    {
        Word x = new(_pool, _pool.Variable("x", Sort.BitVec(64))), y = new(_pool, _pool.Variable("y", Sort.BitVec(64)));
        foreach (var (a, b) in Edges.SelectMany(a => Edges.Select(b => (a, b))))
        {
            Evaluator values = new(new Dictionary<Term, Value> { [x.Term] = Value.Of(a), [y.Term] = Value.Of(b) });
            void Equal(ulong expected, Word word) => Assert.Equal(expected, values.EvaluateWord(word.Term));
            void Holds(bool expected, Fact fact) => Assert.Equal(expected ? 1UL : 0, values.EvaluateWord(fact.Term));

            Equal(a & b, x & y);
            Equal(a | 5, x | 5);
            Equal(a ^ b, x ^ y);
            Equal(~a, ~x);
            Equal(unchecked(a + b), x + y);
            Equal(unchecked(a - b), x - y);
            Equal(a << 12, x << 12);
            Equal(a >> 12, x >> 12);
            Equal(b < 64 ? a >> (int)b : 0, x >> y);
            Equal(b < 64 ? a << (int)b : 0, x << y);
            Equal(a >> 8 & 0xFF, x.Bits(15, 8));
            Equal((ulong)(sbyte)a, x.Bits(7, 0).SignWidened(64));
            Equal((byte)a, x.Bits(7, 0).Widened(64));
            Holds(a == b, x.Is(y));
            Holds(a < b, x.IsBelow(y));
            Holds(a is >= 2 and <= 0x80, x.IsWithin(2, 0x80));
            Holds((a & ~b) == 0, x.IsPartOf(y));
            Holds((a & b) != 0, x.HasAny(b));
            Holds((a & b) == 0, x.HasNone(b));
            Holds((a | 0xFF) == (b | 0xFF), x.IsBut(0xFF, y));
            Holds(a != b || a < 2, x.Is(y).Implies(x.IsBelow(2)));
            Holds((a == b) == (a < 2), x.Is(y).Iff(x.IsBelow(2)));
            Equal(a < b ? a : b, x.IsBelow(y).Choose(x, y));
        }
    }

    [Fact]
    public void Numbers_take_the_width_of_the_word()
    {
        Word small = new(_pool, _pool.Variable("small", Sort.BitVec(8)));
        Evaluator values = new(new Dictionary<Term, Value> { [small.Term] = Value.Of(0xF0) });
        Assert.Equal(0xF0UL, values.EvaluateWord((small & ulong.MaxValue).Term));
        Assert.Equal(8, (small + 1).Width);
    }

    [Fact]
    public void Memory_holds_what_was_put_there()
    {
        Memory memory = new(_pool, _pool.Variable("memory", Sort.Memory));
        Word at = new(_pool, _pool.Variable("at", Sort.BitVec(64)));
        var changed = memory.With(at, memory[at] | 1);
        MemoryValue content = new(6, [new(8, 0x10)]);
        Evaluator values = new(new Dictionary<Term, Value>
        {
            [memory.Term] = Value.Of(content),
            [at.Term] = Value.Of(8),
        });
        Assert.Equal(0x11UL, values.EvaluateWord(changed[at].Term));
        Assert.Equal(6UL, values.EvaluateWord(changed[at + 8].Term));
    }
}
