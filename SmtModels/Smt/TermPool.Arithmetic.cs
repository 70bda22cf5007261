using System.Numerics;

namespace PageProof.SmtModels.Smt;

/// <content>Arithmetic and comparison.</content>
public sealed partial class TermPool
{
    public Term BvNeg(Term term)
    {
        ExpectWord(term);
        return term.Kind == TermKind.BvNeg ? term.First
            : IsWorthEntering(term) ? Enter(term, BvNeg)
            : Word(TermKind.BvNeg, term);
    }

    public Term BvAdd(Term one, Term other) => Arithmetic(TermKind.BvAdd, one, other);

    public Term BvSub(Term one, Term other) => Arithmetic(TermKind.BvSub, one, other);

    public Term BvMul(Term one, Term other) => Arithmetic(TermKind.BvMul, one, other);

    public Term BvUdiv(Term one, Term other) => Arithmetic(TermKind.BvUdiv, one, other);

    public Term BvUrem(Term one, Term other) => Arithmetic(TermKind.BvUrem, one, other);

    public Term BvSdiv(Term one, Term other) => Arithmetic(TermKind.BvSdiv, one, other);

    public Term BvSrem(Term one, Term other) => Arithmetic(TermKind.BvSrem, one, other);

    /// <summary>Whether the first word is less than the second, as numbers without sign.</summary>
    public Term Ult(Term one, Term other)
    {
        ExpectWords(one, other);
        var (a, b) = (one.Known, other.Known);
        if (one == other || a.Minimum >= b.Maximum)
        {
            return False;
        }

        if (a.Maximum < b.Minimum)
        {
            return True;
        }

        if (one.IsConstant)
        {
            return Not(Ult(other, BitVec(one.Value + 1, one.Width)));
        }

        if (other.IsConstant && BitOperations.IsPow2(other.Value))
        {
            int bit = BitOperations.Log2(other.Value);
            return Equal(BitVec(0, one.Width - bit), Extract(one.Width - 1, bit, one));
        }

        if (other.IsConstant && other.Value == other.Sort.Mask)
        {
            return Not(Equal(other, one));
        }

        if (other.IsConstant && IsWorthEntering(one))
        {
            return Enter(one, leaf => Ult(leaf, other));
        }

        int width = Math.Max(SignificantBits(a), SignificantBits(b));
        return width < one.Width && IsExtended(one) && IsExtended(other)
            ? Ult(Extract(width - 1, 0, one), Extract(width - 1, 0, other))
            : Truth(TermKind.Ult, one, other);
    }

    public Term Ule(Term one, Term other) => Not(Ult(other, one));

    /// <summary>Whether the first word is less than the second, as numbers in two's complement.</summary>
    public Term Slt(Term one, Term other)
    {
        ExpectWords(one, other);
        if (one == other)
        {
            return False;
        }

        int top = one.Width - 1;
        bool known = IsKnown(one, top, top) && IsKnown(other, top, top);
        if (known)
        {
            ulong oneSign = one.Known.Ones >> top;
            return oneSign == other.Known.Ones >> top ? Ult(one, other) : Bool(oneSign == 1);
        }

        if (Greatest(one) < Least(other))
        {
            return True;
        }

        if (Least(one) >= Greatest(other))
        {
            return False;
        }

        if (other.IsConstant && other.Value == 0)
        {
            return Equal(BitVec(1, 1), Extract(top, top, one));
        }

        if (one.IsConstant)
        {
            return Not(Slt(other, BitVec(one.Value + 1, one.Width)));
        }

        return other.IsConstant && IsWorthEntering(one)
            ? Enter(one, leaf => Slt(leaf, other))
            : Truth(TermKind.Slt, one, other);
    }

    public Term Sle(Term one, Term other) => Not(Slt(other, one));

    private Term Arithmetic(TermKind kind, Term one, Term other)
    {
        ExpectWords(one, other);
        if (one.IsConstant && other.IsConstant)
        {
            return BitVec(WordArithmetic.Apply(kind, one.Value, other.Value, one.Width), one.Width);
        }

        if (kind is TermKind.BvAdd or TermKind.BvMul)
        {
            Order(ref one, ref other);
        }

        var simpler = kind switch
        {
            TermKind.BvAdd => SimplerSum(one, other),
            TermKind.BvSub => SimplerDifference(one, other),
            TermKind.BvMul => SimplerProduct(one, other),
            TermKind.BvUdiv => SimplerQuotient(one, other),
            TermKind.BvUrem => SimplerRemainder(one, other),
            _ => SimplerSigned(kind, one, other),
        };
        if (simpler is not null)
        {
            return simpler;
        }

        if (one.IsConstant && IsWorthEntering(other))
        {
            return Enter(other, leaf => Arithmetic(kind, one, leaf));
        }

        return other.IsConstant && IsWorthEntering(one)
            ? Enter(one, leaf => Arithmetic(kind, leaf, other))
            : Word(kind, one, other);
    }

    private Term? SimplerSum(Term one, Term other)
    {
        if (one.IsConstant && one.Value == 0)
        {
            return other;
        }

        if (one.IsConstant && other.Kind == TermKind.BvAdd && other.First.IsConstant)
        {
            return BvAdd(BvAdd(one, other.First), other.Second);
        }

        // No bit is set in both, so nothing is carried.
        return (one.Known.Maximum & other.Known.Maximum) == 0 ? BvOr(one, other) : null;
    }

    private Term? SimplerDifference(Term one, Term other) =>
        one == other ? BitVec(0, one.Width)
        : other.IsConstant ? BvAdd(BvNeg(other), one)
        : one.IsConstant && one.Value == 0 ? BvNeg(other)
        : null;

    private Term? SimplerProduct(Term one, Term other)
    {
        if (!one.IsConstant)
        {
            return null;
        }

        if (one.Value == 0)
        {
            return one;
        }

        if (BitOperations.IsPow2(one.Value))
        {
            return ShiftBy(TermKind.BvShl, other, (ulong)BitOperations.Log2(one.Value));
        }

        return other.Kind == TermKind.BvMul && other.First.IsConstant
            ? BvMul(BvMul(one, other.First), other.Second)
            : null;
    }

    private Term? SimplerQuotient(Term one, Term other) =>
        !other.IsConstant ? null
        : other.Value == 0 ? BitVec(ulong.MaxValue, one.Width)
        : BitOperations.IsPow2(other.Value)
            ? ShiftBy(TermKind.BvLshr, one, (ulong)BitOperations.Log2(other.Value))
            : null;

    private Term? SimplerRemainder(Term one, Term other) =>
        one.Known.Maximum < other.Known.Minimum || (other.IsConstant && other.Value == 0) ? one
        : other.IsConstant && BitOperations.IsPow2(other.Value)
            ? BvAnd(BitVec(other.Value - 1, one.Width), one)
            : null;

    private Term? SimplerSigned(TermKind kind, Term one, Term other)
    {
        int top = one.Width - 1;
        bool isPositive = one.Known.Maximum >> top == 0 && other.Known.Maximum >> top == 0;
        if (isPositive && other.Known.Minimum > 0)
        {
            return kind == TermKind.BvSdiv ? BvUdiv(one, other) : BvUrem(one, other);
        }

        bool isSdiv = kind == TermKind.BvSdiv;
        return !other.IsConstant || top == 0 ? null
            : other.Value == 1 ? (isSdiv ? one : BitVec(0, one.Width))
            : other.Value == 0 && !isSdiv ? one
            : null;
    }

    private static int SignificantBits(KnownBits known) => BitOperations.Log2(known.Maximum) + 1;

    private static bool IsExtended(Term term) => term.Kind is TermKind.Constant or TermKind.ZeroExtend;

    private static long Least(Term term) => Bound(term, term.Known.Minimum, sign: 1);

    private static long Greatest(Term term) => Bound(term, term.Known.Maximum, sign: 0);

    /// <summary>The bound with the sign that makes it furthest out, where the sign is open.</summary>
    private static long Bound(Term term, ulong bound, ulong sign)
    {
        int top = term.Width - 1;
        ulong word = ((term.Known.Unknown >> top) & 1) == 0 ? bound : (bound & ~(1UL << top)) | (sign << top);
        return WordArithmetic.Signed(word, term.Width);
    }
}
