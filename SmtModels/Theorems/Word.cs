using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// A bit-vector term with the operators that a statement is written in. A number beside a word has the
/// width of the word.
/// </summary>
public readonly struct Word(TermPool pool, Term term)
{
    private readonly TermPool _pool = pool;

    /// <summary>The term itself.</summary>
    public Term Term { get; } = term;

    /// <summary>The number of bits.</summary>
    public int Width => Term.Width;

    public static Word operator &(Word left, Word right) => new(left._pool, left._pool.BvAnd(left.Term, right.Term));

    public static Word operator &(Word left, ulong right) => left & left.Constant(right);

    public static Word operator |(Word left, Word right) => new(left._pool, left._pool.BvOr(left.Term, right.Term));

    public static Word operator |(Word left, ulong right) => left | left.Constant(right);

    public static Word operator ^(Word left, Word right) => new(left._pool, left._pool.BvXor(left.Term, right.Term));

    public static Word operator ^(Word left, ulong right) => left ^ left.Constant(right);

    public static Word operator ~(Word word) => new(word._pool, word._pool.BvNot(word.Term));

    public static Word operator +(Word left, Word right) => new(left._pool, left._pool.BvAdd(left.Term, right.Term));

    public static Word operator +(Word left, ulong right) => left + left.Constant(right);

    public static Word operator -(Word left, Word right) => new(left._pool, left._pool.BvSub(left.Term, right.Term));

    public static Word operator <<(Word word, int by) =>
        new(word._pool, word._pool.BvShl(word.Term, word.Constant((ulong)by).Term));

    public static Word operator <<(Word word, Word by) => new(word._pool, word._pool.BvShl(word.Term, by.Term));

    public static Word operator >>(Word word, int by) => word >> word.Constant((ulong)by);

    public static Word operator >>(Word word, Word by) => new(word._pool, word._pool.BvLshr(word.Term, by.Term));

    /// <summary>Equal to another word.</summary>
    public Fact Is(Word other) => new(_pool, _pool.Equal(Term, other.Term));

    /// <summary>Equal to a number.</summary>
    public Fact Is(ulong number) => Is(Constant(number));

    /// <summary>Less than another word, both taken as unsigned.</summary>
    public Fact IsBelow(Word other) => new(_pool, _pool.Ult(Term, other.Term));

    /// <summary>Less than a number, both taken as unsigned.</summary>
    public Fact IsBelow(ulong number) => IsBelow(Constant(number));

    /// <summary>Within two numbers and these themselves.</summary>
    public Fact IsWithin(ulong least, ulong most) =>
        new(_pool, _pool.And(
            _pool.Ule(Constant(least).Term, Term), _pool.Ule(Term, Constant(most).Term)));

    /// <summary>Every bit that is set here is set there too.</summary>
    public Fact IsPartOf(Word other) => (this & ~other).Is(0);

    /// <summary>At least one of these bits is set.</summary>
    public Fact HasAny(ulong bits) => !(this & bits).Is(0);

    /// <summary>None of these bits is set.</summary>
    public Fact HasNone(ulong bits) => (this & bits).Is(0);

    /// <summary>Equal to another word but for these bits.</summary>
    public Fact IsBut(ulong bits, Word other) => (this & ~bits).Is(other & ~bits);

    /// <summary>The bits from high to low, as a word of their own.</summary>
    public Word Bits(int high, int low) => new(_pool, _pool.Extract(high, low, Term));

    /// <summary>The same number in more bits.</summary>
    public Word Widened(int width) => new(_pool, _pool.ZeroExtend(Term, width));

    /// <summary>The same signed number in more bits.</summary>
    public Word SignWidened(int width) => new(_pool, _pool.SignExtend(Term, width));

    private Word Constant(ulong number) =>
        new(_pool, _pool.BitVec(Width == 64 ? number : number & ((1UL << Width) - 1), Width));
}
