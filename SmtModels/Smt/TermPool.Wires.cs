using System.Numerics;

namespace PageProof.SmtModels.Smt;

/// <content>
/// Operations that only move bits. Shifts by constants and masks of one run of bits are written as
/// extraction, concatenation and extension, so that two ways to take the same bits are the same term.
/// </content>
public sealed partial class TermPool
{
    // A disjunction of words with more seams than these is not written as a concatenation.
    private const int PiecesMax = 8;
    private const int ShiftLeavesMax = 8;

    /// <summary>The first word above the second.</summary>
    public Term Concat(Term high, Term low)
    {
        ExpectWord(high);
        ExpectWord(low);
        int width = high.Width + low.Width;
        var sort = Sort.BitVec(width);
        if (high.Kind == TermKind.Concat)
        {
            return Concat(high.First, Concat(high.Second, low));
        }

        if (high.Kind == TermKind.ZeroExtend)
        {
            return ZeroExtend(Concat(high.First, low), width);
        }

        if (high.IsConstant && high.Value == 0)
        {
            return ZeroExtend(low, width);
        }

        if (high.IsConstant && low.Kind == TermKind.ZeroExtend)
        {
            int zeros = low.Width - low.First.Width;
            return Concat(BitVec(high.Value << zeros, high.Width + zeros), low.First);
        }

        if (Adjacent(high, low) is { } whole)
        {
            return whole;
        }

        if (low.Kind == TermKind.Concat && Adjacent(high, low.First) is { } upper)
        {
            return Concat(upper, low.Second);
        }

        if (low.IsConstant && IsWorthEntering(high))
        {
            return Enter(high, leaf => Concat(leaf, low));
        }

        return high.IsConstant && IsWorthEntering(low)
            ? Enter(low, leaf => Concat(high, leaf))
            : Intern(TermKind.Concat, sort, [high, low]);
    }

    /// <summary>The bits from <paramref name="high"/> down to <paramref name="low"/>.</summary>
    public Term Extract(int high, int low, Term term)
    {
        ExpectWord(term);
        ArgumentOutOfRangeException.ThrowIfNegative(low);
        ArgumentOutOfRangeException.ThrowIfLessThan(high, low);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(high, term.Width);
        var sort = Sort.BitVec(high - low + 1);
        if (sort == term.Sort)
        {
            return term;
        }

        if (IsKnown(term, high, low))
        {
            return BitVec(term.Known.Ones >> low, sort.Width);
        }

        _depth++;
        var extract = (_depth > DepthMax ? null : ExtractFrom(high, low, term))
            ?? Intern(TermKind.Extract, sort, [term], (ulong)low);
        _depth--;
        return extract;
    }

    /// <summary>The word with zeros above it.</summary>
    public Term ZeroExtend(Term term, int toWidth)
    {
        ExpectWord(term);
        ArgumentOutOfRangeException.ThrowIfLessThan(toWidth, term.Width);
        if (toWidth == term.Width)
        {
            return term;
        }

        if (term.Kind == TermKind.ZeroExtend)
        {
            return ZeroExtend(term.First, toWidth);
        }

        return IsWorthEntering(term)
            ? Enter(term, leaf => ZeroExtend(leaf, toWidth))
            : Intern(TermKind.ZeroExtend, Sort.BitVec(toWidth), [term]);
    }

    /// <summary>The word with copies of its sign above it.</summary>
    public Term SignExtend(Term term, int toWidth)
    {
        ExpectWord(term);
        ArgumentOutOfRangeException.ThrowIfLessThan(toWidth, term.Width);
        if (toWidth == term.Width)
        {
            return term;
        }

        if (IsKnown(term, term.Width - 1, term.Width - 1))
        {
            return term.Known.Ones >> (term.Width - 1) == 0
                ? ZeroExtend(term, toWidth)
                : Concat(BitVec(ulong.MaxValue, toWidth - term.Width), term);
        }

        if (term.Kind == TermKind.SignExtend)
        {
            return SignExtend(term.First, toWidth);
        }

        return IsWorthEntering(term)
            ? Enter(term, leaf => SignExtend(leaf, toWidth))
            : Intern(TermKind.SignExtend, Sort.BitVec(toWidth), [term]);
    }

    public Term BvShl(Term term, Term amount) => Shift(TermKind.BvShl, term, amount);

    public Term BvLshr(Term term, Term amount) => Shift(TermKind.BvLshr, term, amount);

    public Term BvAshr(Term term, Term amount) => Shift(TermKind.BvAshr, term, amount);

    private Term Shift(TermKind kind, Term term, Term amount)
    {
        ExpectWords(term, amount);
        if (amount.IsConstant)
        {
            return ShiftBy(kind, term, amount.Value);
        }

        if (amount.Known.Minimum >= (ulong)term.Width)
        {
            return ShiftBy(kind, term, amount.Known.Minimum);
        }

        bool isChoice = amount.ConstantLeaves is > 0 and <= ShiftLeavesMax || term.IsConstant;
        return isChoice && IsWorthEntering(amount)
            ? Enter(amount, leaf => Shift(kind, term, leaf))
            : Word(kind, term, amount);
    }

    private Term ShiftBy(TermKind kind, Term term, ulong amount)
    {
        int top = term.Width - 1;
        if (amount == 0)
        {
            return term;
        }

        if (amount > (ulong)top)
        {
            return kind == TermKind.BvAshr ? SignExtend(Extract(top, top, term), term.Width) : BitVec(0, term.Width);
        }

        int by = (int)amount;
        return kind switch
        {
            TermKind.BvShl => Concat(Extract(top - by, 0, term), BitVec(0, by)),
            TermKind.BvLshr => ZeroExtend(Extract(top, by, term), term.Width),
            _ => SignExtend(Extract(top, by, term), term.Width),
        };
    }

    /// <summary>The bits of a word from high to low, in their places, and zeros elsewhere.</summary>
    private Term InPlace(Term term, int high, int low)
    {
        var bits = Extract(high, low, term);
        return ZeroExtend(low == 0 ? bits : Concat(bits, BitVec(0, low)), term.Width);
    }

    private static bool IsKnown(Term term, int high, int low) =>
        ((term.Known.Unknown >> low) & Sort.BitVec(high - low + 1).Mask) == 0;

    /// <summary>Two pieces that were one, or are both constants, as one.</summary>
    private Term? Adjacent(Term high, Term low)
    {
        if (high.IsConstant && low.IsConstant)
        {
            return BitVec((high.Value << low.Width) | low.Value, high.Width + low.Width);
        }

        return high.Kind == TermKind.Extract && low.Kind == TermKind.Extract
            && high.First == low.First && high.Low == low.High + 1
            ? Extract(high.High, low.Low, high.First)
            : null;
    }

    private Term? ExtractFrom(int high, int low, Term term)
    {
        int width = high - low + 1;
        switch (term.Kind)
        {
            case TermKind.Extract:
                return Extract(high + term.Low, low + term.Low, term.First);
            case TermKind.Concat:
                return ExtractFromConcat(high, low, term);
            case TermKind.ZeroExtend:
                return ZeroExtend(Extract(Math.Min(high, term.First.Width - 1), low, term.First), width);
            case TermKind.SignExtend:
                int sign = term.First.Width - 1;
                return SignExtend(Extract(Math.Min(high, sign), Math.Min(low, sign), term.First), width);
            case TermKind.BvNot:
                return BvNot(Extract(high, low, term.First));
            case TermKind.BvAnd or TermKind.BvOr or TermKind.BvXor
                when IsKnown(term.First, high, low) || IsKnown(term.Second, high, low):
                return Bitwise(term.Kind, Extract(high, low, term.First), Extract(high, low, term.Second));
            case TermKind.BvAdd or TermKind.BvSub or TermKind.BvMul
                when low == 0 && IsWired(term.First) && IsWired(term.Second):
                return Arithmetic(term.Kind, Extract(high, 0, term.First), Extract(high, 0, term.Second));
            case TermKind.Ite when IsWorthEntering(term):
                return Enter(term, leaf => Extract(high, low, leaf));
            default:
                return null;
        }
    }

    private Term ExtractFromConcat(int high, int low, Term term)
    {
        int seam = term.Second.Width;
        return low >= seam ? Extract(high - seam, low - seam, term.First)
            : high < seam ? Extract(high, low, term.Second)
            : Concat(Extract(high - seam, 0, term.First), Extract(seam - 1, low, term.Second));
    }

    private static bool IsWired(Term term) => term.Kind
        is TermKind.Constant or TermKind.ZeroExtend or TermKind.SignExtend or TermKind.Concat;

    /// <summary>The disjunction of two words that share no bit, written as the pieces of which it consists.</summary>
    private Term? Pieced(Term one, Term other)
    {
        if (_depth > DepthMax || (one.Known.Maximum & other.Known.Maximum) != 0)
        {
            return null;
        }

        var pieces = new List<Term>();
        _depth++;
        for (int high = one.Width - 1; high >= 0 && pieces.Count <= PiecesMax;)
        {
            bool isOne = Owns(one, high);
            bool isOther = Owns(other, high);
            int low = high;
            while (low > 0 && Owns(one, low - 1) == isOne && Owns(other, low - 1) == isOther)
            {
                low--;
            }

            pieces.Add(Extract(high, low, isOne ? one : other));
            high = low - 1;
        }

        pieces.Reverse();
        var pieced = pieces.Count <= PiecesMax ? pieces.Aggregate((below, piece) => Concat(piece, below)) : null;
        _depth--;
        return pieced;

        static bool Owns(Term term, int bit) => ((term.Known.Maximum >> bit) & 1) != 0;
    }

    private static bool IsOneRun(ulong mask, out int high, out int low)
    {
        low = BitOperations.TrailingZeroCount(mask);
        high = BitOperations.Log2(mask);
        return BitOperations.PopCount(mask) == high - low + 1;
    }
}
