using PageProof.SmtModels.Smt;

namespace PageProof.Tests.SmtModels.Smt;

/// <summary>One example of each rule by which a pool simplifies words and truths.</summary>
public sealed class RuleTests
{
    private readonly TermPool _pool = new();

    private Term A => _pool.Variable("a", Sort.Bool);

    private Term B => _pool.Variable("b", Sort.Bool);

    private Term C => _pool.Variable("c", Sort.Bool);

    private Term X => _pool.Variable("x", Sort.BitVec(64));

    private Term Y => _pool.Variable("y", Sort.BitVec(64));

    [Fact]
    public void Constants_are_folded()
    {
        Assert.Same(Word(3), _pool.BvAdd(Word(1), Word(2)));
        Assert.Same(Word(ulong.MaxValue), _pool.BvUdiv(X, Word(0)));
        Assert.Same(X, _pool.BvUrem(X, Word(0)));
        Assert.Same(_pool.BitVec(0x80, 8), _pool.BvSdiv(_pool.BitVec(0x80, 8), _pool.BitVec(0xff, 8)));
        Assert.Same(Word(0), _pool.BvShl(X, Word(64)));
        Assert.Same(_pool.True, _pool.Slt(Word(ulong.MaxValue), Word(0)));
        Assert.Same(_pool.False, _pool.Ult(X, Word(0)));
    }

    [Fact]
    public void Contradictions_and_repetitions_vanish()
    {
        Assert.Same(_pool.False, _pool.And(A, B, _pool.Not(A)));
        Assert.Same(_pool.True, _pool.Or(A, _pool.Or(B, _pool.Not(A))));
        Assert.Same(_pool.And(A, B), _pool.And(B, _pool.And(A, B)));
        Assert.Same(A, _pool.Not(_pool.Not(A)));
        Assert.Same(A, _pool.And(A, _pool.Or(A, B)));
        Assert.Same(_pool.And(A, B), _pool.And(A, _pool.Or(_pool.Not(A), B)));
        Assert.Same(_pool.Or(A, B), _pool.Or(A, _pool.And(_pool.Not(A), B)));
        Assert.Same(_pool.False, _pool.And(_pool.Equal(X, Word(1)), _pool.Equal(X, Word(2))));
        Assert.Same(
            _pool.Equal(X, Word(1)), _pool.And(_pool.Equal(X, Word(1)), _pool.Not(_pool.Equal(X, Word(2)))));
        Assert.Same(_pool.False, _pool.And(_pool.Ult(X, Y), _pool.Ule(Y, X)));
    }

    [Fact]
    public void What_two_paths_share_is_said_once()
    {
        var one = _pool.And(A, B, C);
        var other = _pool.And(A, B, _pool.Not(C));
        Assert.Same(_pool.And(A, B), _pool.Or(one, other));
        Assert.Same(_pool.Or(A, _pool.And(B, C)), _pool.And(_pool.Or(A, B), _pool.Or(A, C)));
    }

    [Fact]
    public void A_comparison_with_a_choice_among_constants_is_a_condition()
    {
        var flag = _pool.Ite(A, Word(4), Word(0));
        Assert.Same(A, _pool.Equal(flag, Word(4)));
        Assert.Same(_pool.Not(A), _pool.Equal(flag, Word(0)));
        Assert.Same(_pool.False, _pool.Equal(flag, Word(2)));
        Assert.Same(A, _pool.Not(_pool.Equal(_pool.ZeroExtend(Truth(A), 32), _pool.BitVec(0, 32))));
        Assert.Same(A, _pool.Ult(Word(3), flag));
        var kind = _pool.Ite(A, Word(1), _pool.Ite(B, Word(2), Word(3)));
        Assert.Same(_pool.And(_pool.Not(A), B), _pool.Equal(kind, Word(2)));
        Assert.Same(_pool.And(A, B), _pool.Equal(_pool.BvAnd(Truth(A), Truth(B)), _pool.BitVec(1, 8)));
    }

    [Fact]
    public void A_choice_knows_its_condition()
    {
        Assert.Same(_pool.Ite(A, X, Word(1)), _pool.Ite(A, _pool.Ite(A, X, Y), Word(1)));
        Assert.Same(_pool.Ite(A, X, Y), _pool.Ite(_pool.Not(A), Y, _pool.Ite(A, X, Word(1))));
        Assert.Same(_pool.Ite(_pool.And(A, B), X, Y), _pool.Ite(_pool.And(A, B), _pool.Ite(B, X, Word(1)), Y));
        Assert.Same(_pool.Ite(_pool.Or(A, B), X, Y), _pool.Ite(A, X, _pool.Ite(B, X, Y)));
        Assert.Same(_pool.Ite(_pool.And(A, B), X, Y), _pool.Ite(A, _pool.Ite(B, X, Y), Y));
        Assert.Same(X, _pool.Ite(A, X, X));
        Assert.Same(_pool.Or(A, B), _pool.Ite(A, _pool.True, B));
        Assert.Same(_pool.And(A, B), _pool.Ite(A, B, _pool.False));
        Assert.Same(_pool.Xor(A, B), _pool.Ite(A, _pool.Not(B), B));
    }

    [Fact]
    public void Ways_to_take_the_same_bits_are_one()
    {
        var page = _pool.Extract(20, 12, X);
        Assert.Same(page, _pool.Extract(8, 0, _pool.BvLshr(X, Word(12))));
        Assert.Same(page, _pool.Extract(20, 12, _pool.BvAnd(X, Word(0xffff_f000))));
        Assert.Same(_pool.ZeroExtend(page, 64), _pool.BvAnd(_pool.BvLshr(X, Word(12)), Word(0x1ff)));
        Assert.Same(_pool.BvAnd(X, Word(~0xfffUL)), _pool.BvShl(_pool.BvLshr(X, Word(12)), Word(12)));
        Assert.Same(X, _pool.Concat(_pool.Extract(63, 12, X), _pool.Extract(11, 0, X)));
        Assert.Same(X, _pool.BvOr(_pool.BvAnd(X, Word(0xff)), _pool.BvAnd(X, Word(~0xffUL))));
        Assert.Same(_pool.BvAnd(X, Word(0xfff)), _pool.BvUrem(X, Word(0x1000)));
        Assert.Same(_pool.BvShl(X, Word(3)), _pool.BvMul(Word(8), X));
        Assert.Same(
            _pool.BvOr(_pool.BvAnd(X, Word(~0xfffUL)), _pool.BvAnd(Y, Word(0xfff))),
            _pool.BvAdd(_pool.BvAnd(Y, Word(0xfff)), _pool.BvAnd(X, Word(~0xfffUL))));
        Assert.Same(
            _pool.SignExtend(_pool.Extract(47, 0, X), 64), _pool.BvAshr(_pool.BvShl(X, Word(16)), Word(16)));
    }

    [Fact]
    public void Tests_of_a_bit_are_one()
    {
        var bit = _pool.Equal(_pool.BitVec(1, 1), _pool.Extract(5, 5, X));
        Assert.Same(bit, _pool.Not(_pool.Equal(_pool.BvAnd(X, Word(0x20)), Word(0))));
        Assert.Same(bit, _pool.Equal(_pool.BvAnd(X, Word(0x20)), Word(0x20)));
        Assert.Same(bit, _pool.Equal(_pool.BvAnd(_pool.BvLshr(X, Word(5)), Word(1)), Word(1)));
        Assert.Same(_pool.Slt(X, Word(0)), _pool.Not(_pool.Equal(_pool.BvLshr(X, Word(63)), Word(0))));
        Assert.Same(_pool.Ult(X, Word(0x1000)), _pool.Equal(_pool.BvLshr(X, Word(12)), Word(0)));
        Assert.Same(_pool.False, _pool.Equal(_pool.BvAnd(X, Word(0x20)), Word(0x40)));
    }

    [Fact]
    public void Known_bits_decide_comparisons_and_drop_masks()
    {
        var index = _pool.BvAnd(_pool.BvLshr(X, Word(12)), Word(0x1ff));
        Assert.Same(_pool.True, _pool.Ult(index, Word(512)));
        Assert.Same(index, _pool.BvAnd(index, Word(0xfff)));
        Assert.Same(_pool.False, _pool.Slt(index, Word(0)));
        Assert.Same(_pool.Ult(index, Word(7)), _pool.Slt(index, Word(7)));
        Assert.Same(_pool.ZeroExtend(Truth(A), 32), _pool.SignExtend(Truth(A), 32));
        var aligned = _pool.BvAnd(X, Word(~7UL));
        Assert.Same(_pool.False, _pool.Equal(aligned, _pool.BvOr(Y, Word(1))));
        Assert.Same(_pool.BvAnd(Y, Word(1)), _pool.BvAnd(Word(7), _pool.BvXor(Word(6), _pool.BvOr(Y, Word(6)))));
        Assert.Same(_pool.BvOr(X, Word(0x20)), _pool.BvOr(Word(0x20), _pool.BvOr(X, Word(0x20))));
    }

    [Fact]
    public void Equations_are_solved_for_the_unknown()
    {
        Assert.Same(_pool.Equal(X, Word(3)), _pool.Equal(_pool.BvAdd(X, Word(5)), Word(8)));
        Assert.Same(_pool.Equal(X, Y), _pool.Equal(_pool.BvSub(X, Y), Word(0)));
        Assert.Same(_pool.Equal(X, Y), _pool.Equal(_pool.BvXor(Y, X), Word(0)));
        Assert.Same(_pool.False, _pool.Equal(_pool.BvAdd(X, Word(8)), X));
        Assert.Same(_pool.Equal(X, Y), _pool.Equal(_pool.BvAdd(X, Word(8)), _pool.BvAdd(Y, Word(8))));
        Assert.Same(
            _pool.Equal(_pool.Extract(7, 0, X), _pool.Extract(7, 0, Y)),
            _pool.Equal(_pool.BvAnd(X, Word(0xff)), _pool.BvAnd(Y, Word(0xff))));
    }

    [Fact]
    public void A_mistake_in_sorts_is_refused()
    {
        Assert.Throws<ArgumentException>(() => _pool.BvAdd(X, _pool.BitVec(1, 32)));
        Assert.Throws<ArgumentException>(() => _pool.Not(X));
        Assert.Throws<ArgumentException>(() => _pool.Ite(A, X, B));
        Assert.Throws<ArgumentException>(() => _pool.Variable("x", Sort.Bool));
        Assert.Throws<ArgumentException>(() => _pool.Variable("a|b", Sort.Bool));
        Assert.Throws<ArgumentException>(() => _pool.And(A, new TermPool().Variable("a", Sort.Bool)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Extract(64, 0, X));
        Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Concat(X, Y));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sort.BitVec(65));
    }

    private Term Word(ulong value) => _pool.BitVec(value, 64);

    private Term Truth(Term condition) => _pool.Ite(condition, _pool.BitVec(1, 8), _pool.BitVec(0, 8));
}
