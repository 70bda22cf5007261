using System.Numerics;

namespace PageProof.SmtModels.Smt;

/// <summary>
/// The bits of a word that are the same whatever the variables are. Bits above the width count as
/// zeros, so that <see cref="Minimum"/> and <see cref="Maximum"/> bound the word as a number.
/// </summary>
/// <param name="Zeros">The bits that are never set.</param>
/// <param name="Ones">The bits that are always set.</param>
public readonly record struct KnownBits(ulong Zeros, ulong Ones)
{
    public ulong Minimum => Ones;

    /// <summary>The greatest number, and also the bits that may be set.</summary>
    public ulong Maximum => ~Zeros;

    /// <summary>The bits that may be either.</summary>
    public ulong Unknown => ~(Zeros | Ones);

    public bool IsConstant => Unknown == 0;

    /// <summary>Whether no word fits both.</summary>
    public bool Contradicts(KnownBits other) => ((Zeros & other.Ones) | (Ones & other.Zeros)) != 0;

    /// <summary>What is known of the word of a term from what is known of its arguments.</summary>
    internal static KnownBits Of(Term term)
    {
        if (!term.Sort.IsBitVec)
        {
            return default;
        }

        ulong mask = term.Sort.Mask;
        KnownBits nothing = new(~mask, 0);
        return term.Kind switch
        {
            TermKind.Constant => new(~term.Value, term.Value),
            TermKind.Variable or TermKind.Select => nothing,
            TermKind.BvNot => term.First.Known.Inverted(mask),
            TermKind.BvNeg => Sum(new(ulong.MaxValue, 0), term.First.Known.Inverted(mask), 1, mask),
            TermKind.Extract => OfExtract(term.First.Known, term.Low, mask),
            TermKind.ZeroExtend => term.First.Known,
            TermKind.SignExtend => OfSignExtend(term.First.Known, term.First.Sort.Mask, mask),
            TermKind.Ite => term.Second.Known.Either(term.Third.Known),
            _ => OfTwo(term.Kind, term.First.Known, term.Second.Known, term.Second.Width, mask),
        };
    }

    private static KnownBits OfTwo(TermKind kind, KnownBits a, KnownBits b, int secondWidth, ulong mask) => kind switch
    {
        TermKind.BvAnd => new(a.Zeros | b.Zeros, a.Ones & b.Ones),
        TermKind.BvOr => new(a.Zeros & b.Zeros, a.Ones | b.Ones),
        TermKind.BvXor => new((a.Zeros & b.Zeros) | (a.Ones & b.Ones), (a.Ones & b.Zeros) | (a.Zeros & b.Ones)),
        TermKind.BvAdd => Sum(a, b, 0, mask),
        TermKind.BvSub => Sum(a, b.Inverted(mask), 1, mask),
        TermKind.BvMul => Product(a, b, mask),
        TermKind.BvUdiv when b.Minimum > 0 => AtMost(a.Maximum / b.Minimum, mask),
        TermKind.BvUrem => AtMost(b.Minimum > 0 ? Math.Min(a.Maximum, b.Maximum - 1) : a.Maximum, mask),
        TermKind.BvShl => MultipleOf(a.TrailingZeros + (int)Math.Min(b.Minimum, 64), mask),
        TermKind.BvLshr => AtMost(b.Minimum > 63 ? 0 : a.Maximum >> (int)b.Minimum, mask),
        TermKind.BvAshr when a.Maximum <= mask >> 1 =>
            AtMost(b.Minimum > 63 ? 0 : a.Maximum >> (int)b.Minimum, mask),
        TermKind.Concat => new(
            (a.Zeros << secondWidth) | (b.Zeros & ((1UL << secondWidth) - 1)), (a.Ones << secondWidth) | b.Ones),
        _ => new(~mask, 0),
    };

    private int TrailingZeros => BitOperations.TrailingZeroCount(~Zeros);

    private KnownBits Inverted(ulong mask) => new(Ones | ~mask, Zeros & mask);

    private KnownBits Either(KnownBits other) => new(Zeros & other.Zeros, Ones & other.Ones);

    /// <summary>
    /// A bit of a sum is known where both bits and the carry into it are. Carries grow with the words,
    /// so the carry is known where the least words and the greatest have the same.
    /// </summary>
    private static KnownBits Sum(KnownBits a, KnownBits b, ulong carry, ulong mask)
    {
        ulong least = a.Minimum + b.Minimum + carry;
        ulong greatest = a.Maximum + b.Maximum + carry;
        ulong leastCarries = least ^ a.Minimum ^ b.Minimum;
        ulong greatestCarries = greatest ^ a.Maximum ^ b.Maximum;
        ulong known = ~(a.Unknown | b.Unknown | (leastCarries ^ greatestCarries)) & mask;
        return new((~least & known) | ~mask, least & known);
    }

    private static KnownBits Product(KnownBits a, KnownBits b, ulong mask)
    {
        var multiple = MultipleOf(a.TrailingZeros + b.TrailingZeros, mask);
        ulong overflow = Math.BigMul(a.Maximum, b.Maximum, out ulong greatest);
        return overflow == 0 && greatest <= mask
            ? new(multiple.Zeros | AtMost(greatest, mask).Zeros, 0)
            : multiple;
    }

    private static KnownBits AtMost(ulong greatest, ulong mask)
    {
        ulong below = greatest == 0 ? 0 : ulong.MaxValue >> BitOperations.LeadingZeroCount(greatest);
        return new(~(below & mask), 0);
    }

    private static KnownBits MultipleOf(int power, ulong mask) =>
        new(power > 63 ? ulong.MaxValue : ~mask | ((1UL << power) - 1), 0);

    private static KnownBits OfExtract(KnownBits known, int low, ulong mask) =>
        new((known.Zeros >> low) | ~mask, (known.Ones >> low) & mask);

    private static KnownBits OfSignExtend(KnownBits known, ulong innerMask, ulong mask)
    {
        ulong sign = innerMask ^ (innerMask >> 1);
        if ((known.Zeros & sign) != 0)
        {
            return known;
        }

        ulong extension = mask & ~innerMask;
        return new((known.Zeros & innerMask) | ~mask, known.Ones | ((known.Ones & sign) != 0 ? extension : 0));
    }
}
