using System.Numerics;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>What <see cref="BitOperations"/> computes, without tables.</summary>
internal static class BitIntrinsics
{
    private const string Type = "System.Numerics.BitOperations::";

    public static IReadOnlyList<KeyValuePair<string, Intrinsic>> All { get; } =
    [
        new(Type + nameof(BitOperations.PopCount), call => call.Word(PopCount(call.Pool, call.Word(0)))),
        new(Type + nameof(BitOperations.LeadingZeroCount), call =>
            call.Word(LeadingZeros(call.Pool, call.Word(0)))),
        new(Type + nameof(BitOperations.TrailingZeroCount), call =>
            call.Word(TrailingZeros(call.Pool, call.Word(0)))),
        new(Type + nameof(BitOperations.Log2), call => call.Word(Log2(call.Pool, call.Word(0)))),
    ];

    private static Term PopCount(TermPool pool, Term word)
    {
        // Neighbouring fields are added, and each sum takes the place of its two fields.
        var count = word;
        for (int size = 1; size < word.Width; size *= 2)
        {
            ulong mask = ulong.MaxValue / ((1UL << size) + 1);
            var fields = pool.BitVec(mask, word.Width);
            var shifted = pool.BvLshr(count, pool.BitVec((ulong)size, word.Width));
            count = pool.BvAdd(pool.BvAnd(count, fields), pool.BvAnd(shifted, fields));
        }

        return count;
    }

    private static Term LeadingZeros(TermPool pool, Term word) => Zeros(
        pool, word, (rest, size) => pool.Extract(word.Width - 1, word.Width - size, rest), pool.BvShl);

    private static Term TrailingZeros(TermPool pool, Term word) => Zeros(
        pool, word, (rest, size) => pool.Extract(size - 1, 0, rest), pool.BvLshr);

    /// <summary>Halves the word: if that half is zero, its zeros count, and the search goes on in the other.</summary>
    private static Term Zeros(
        TermPool pool, Term word, Func<Term, int, Term> outermost, Func<Term, Term, Term> shift)
    {
        int width = word.Width;
        var zero = pool.BitVec(0, width);
        var count = zero;
        var rest = word;
        for (int size = width / 2; size > 0; size /= 2)
        {
            var isZero = pool.Equal(outermost(rest, size), pool.BitVec(0, size));
            var by = pool.BitVec((ulong)size, width);
            count = pool.BvOr(count, pool.Ite(isZero, by, zero));
            rest = pool.Ite(isZero, shift(rest, by), rest);
        }

        return pool.Ite(pool.Equal(word, zero), pool.BitVec((ulong)width, width), count);
    }

    // The logarithm of 0 is given as 0.
    private static Term Log2(TermPool pool, Term word)
    {
        var odd = pool.BvOr(word, pool.BitVec(1, word.Width));
        return pool.BvSub(pool.BitVec((ulong)(word.Width - 1), word.Width), LeadingZeros(pool, odd));
    }
}
