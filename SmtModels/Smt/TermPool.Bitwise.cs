namespace PageProof.SmtModels.Smt;

/// <content>Operations on each bit by itself.</content>
public sealed partial class TermPool
{
    public Term BvNot(Term term)
    {
        ExpectWord(term);
        return term.Kind == TermKind.BvNot ? term.First
            : IsWorthEntering(term) ? Enter(term, BvNot)
            : Word(TermKind.BvNot, term);
    }

    public Term BvAnd(Term one, Term other) => Bitwise(TermKind.BvAnd, one, other);

    public Term BvOr(Term one, Term other) => Bitwise(TermKind.BvOr, one, other);

    public Term BvXor(Term one, Term other) => Bitwise(TermKind.BvXor, one, other);

    private Term Bitwise(TermKind kind, Term one, Term other)
    {
        ExpectWords(one, other);
        Order(ref one, ref other);
        if (other.IsConstant)
        {
            return BitVec(WordArithmetic.Apply(kind, one.Value, other.Value, one.Width), one.Width);
        }

        if (one == other)
        {
            return kind == TermKind.BvXor ? BitVec(0, one.Width) : one;
        }

        if (AreComplements(one, other))
        {
            return BitVec(kind == TermKind.BvAnd ? 0 : ulong.MaxValue, one.Width);
        }

        var simpler = kind switch
        {
            TermKind.BvAnd => SimplerAnd(one, other),
            TermKind.BvOr => SimplerOr(one, other),
            _ => SimplerXor(one, other),
        };
        if (simpler is not null)
        {
            return simpler;
        }

        if (one.IsConstant && other.Kind == kind && other.First.IsConstant)
        {
            return Bitwise(kind, Bitwise(kind, one, other.First), other.Second);
        }

        return one.IsConstant && IsWorthEntering(other)
            ? Enter(other, leaf => Bitwise(kind, one, leaf))
            : FlagsJoined(kind, one, other) ?? Word(kind, one, other);
    }

    private static bool AreComplements(Term one, Term other) =>
        (one.Kind == TermKind.BvNot && one.First == other) || (other.Kind == TermKind.BvNot && other.First == one);

    private Term? SimplerAnd(Term one, Term other)
    {
        if (Covers(one, other) || IsRepeated(TermKind.BvAnd, one, other))
        {
            return other;
        }

        if (Covers(other, one) || IsRepeated(TermKind.BvAnd, other, one))
        {
            return one;
        }

        if ((one.Known.Maximum & other.Known.Maximum) == 0)
        {
            return BitVec(0, one.Width);
        }

        if (!one.IsConstant || IsWorthEntering(other))
        {
            return null;
        }

        ulong mask = one.Value & other.Known.Maximum;
        var tight = BitVec(mask, one.Width);
        if (other.Kind is TermKind.BvOr or TermKind.BvXor)
        {
            if ((other.First.Known.Maximum & mask) == 0)
            {
                return BvAnd(tight, other.Second);
            }

            if ((other.Second.Known.Maximum & mask) == 0)
            {
                return BvAnd(tight, other.First);
            }
        }

        if (IsOneRun(mask, out int high, out int low))
        {
            return InPlace(other, high, low);
        }

        return tight != one ? BvAnd(tight, other) : null;
    }

    private Term? SimplerOr(Term one, Term other) =>
        Covers(one, other) || IsRepeated(TermKind.BvOr, other, one) ? one
        : Covers(other, one) || IsRepeated(TermKind.BvOr, one, other) ? other
        : IsWorthEntering(one) || IsWorthEntering(other) ? null
        : Pieced(one, other);

    private Term? SimplerXor(Term one, Term other) =>
        one.IsConstant && one.Value == one.Sort.Mask ? BvNot(other)
        : (one.Known.Maximum & other.Known.Maximum) == 0 ? BvOr(one, other)
        : null;

    /// <summary>Whether the first has every bit set that the second may have.</summary>
    private static bool Covers(Term one, Term other) => (other.Known.Maximum & ~one.Known.Ones) == 0;

    /// <summary>Whether the second is the same operation on the first and something.</summary>
    private static bool IsRepeated(TermKind kind, Term one, Term other) =>
        other.Kind == kind && (other.First == one || other.Second == one);

    /// <summary>Two choices between 0 and the same bit are truths, and are joined as such.</summary>
    private Term? FlagsJoined(TermKind kind, Term one, Term other)
    {
        ulong bit = one.Known.Maximum;
        if (one.ConstantLeaves < 2 || other.ConstantLeaves < 2 || other.Known.Maximum != bit
            || !ulong.IsPow2(bit))
        {
            return null;
        }

        var set = BitVec(bit, one.Width);
        var (a, b) = (Equal(set, one), Equal(set, other));
        var joined = kind switch
        {
            TermKind.BvAnd => And(a, b),
            TermKind.BvOr => Or(a, b),
            _ => Xor(a, b),
        };
        return Ite(joined, set, BitVec(0, one.Width));
    }
}
