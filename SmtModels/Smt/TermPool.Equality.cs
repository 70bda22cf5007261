using System.Numerics;

namespace PageProof.SmtModels.Smt;

/// <content>Equality.</content>
public sealed partial class TermPool
{
    public Term Equal(Term one, Term other)
    {
        Expect(one.Sort == other.Sort, other, $"of sort {one.Sort}");
        if (one == other)
        {
            return True;
        }

        Order(ref one, ref other);
        if (one.Sort.IsBool)
        {
            return EqualTruths(one, other);
        }

        if (one.Sort.IsMemory || _depth > DepthMax)
        {
            return Truth(TermKind.Equal, one, other);
        }

        if (one.Known.Contradicts(other.Known))
        {
            return False;
        }

        _depth++;
        var equal = Narrowed(one, other)
            ?? (one.IsConstant ? EqualToConstant(one, other) : EqualWords(one, other))
            ?? Truth(TermKind.Equal, one, other);
        _depth--;
        return equal;
    }

    private Term EqualTruths(Term one, Term other)
    {
        if (one.IsConstant)
        {
            return one.IsTrue ? other : Not(other);
        }

        if (one.Kind == TermKind.Not)
        {
            return Not(Equal(one.First, other));
        }

        if (other.Kind == TermKind.Not)
        {
            return Not(Equal(one, other.First));
        }

        return Truth(TermKind.Equal, one, other);
    }

    /// <summary>Bits at either end that are known in both, and so the same, need no comparison.</summary>
    private Term? Narrowed(Term one, Term other)
    {
        ulong open = one.Known.Unknown | other.Known.Unknown;
        int low = BitOperations.TrailingZeroCount(open);
        int high = BitOperations.Log2(open);
        return high - low + 1 < one.Width
            ? Equal(Extract(high, low, one), Extract(high, low, other))
            : null;
    }

    private Term? EqualToConstant(Term constant, Term term)
    {
        if (term.Width == 1 && constant.Value == 0)
        {
            return Not(Equal(BitVec(1, 1), term));
        }

        if (IsWorthEntering(term))
        {
            return Enter(term, leaf => Equal(constant, leaf));
        }

        bool isZero = constant.Value == 0;
        bool isOnes = constant.Value == constant.Sort.Mask;
        var first = term.Arguments.Count > 0 ? term.First : term;
        return term.Kind switch
        {
            TermKind.BvAdd when first.IsConstant => Equal(BvSub(constant, first), term.Second),
            TermKind.BvXor when first.IsConstant => Equal(BvXor(constant, first), term.Second),
            TermKind.BvXor or TermKind.BvSub when isZero => Equal(first, term.Second),
            TermKind.BvOr when isZero => And(Equal(constant, first), Equal(constant, term.Second)),
            TermKind.BvAnd when isOnes => And(Equal(constant, first), Equal(constant, term.Second)),
            TermKind.BvNot => Equal(BvNot(constant), first),
            TermKind.BvNeg => Equal(BvNeg(constant), first),
            TermKind.Concat => EqualHalves(constant, term, term.Second.Width),
            TermKind.SignExtend => EqualToExtended(constant, first),
            _ => null,
        };
    }

    private Term EqualToExtended(Term constant, Term inner)
    {
        var fitting = Extract(inner.Width - 1, 0, constant);
        return SignExtend(fitting, constant.Width) == constant ? Equal(fitting, inner) : False;
    }

    private Term EqualHalves(Term one, Term other, int lowWidth)
    {
        int high = one.Width - 1;
        return And(
            Equal(Extract(high, lowWidth, one), Extract(high, lowWidth, other)),
            Equal(Extract(lowWidth - 1, 0, one), Extract(lowWidth - 1, 0, other)));
    }

    private Term? EqualWords(Term one, Term other)
    {
        if (one.IsIte && other.IsIte && one.First == other.First)
        {
            return Ite(one.First, Equal(one.Second, other.Second), Equal(one.Third, other.Third));
        }

        if (EqualToBranch(one, other) is { } equal)
        {
            return equal;
        }

        var (oneBase, oneOffset) = Offset(one);
        var (otherBase, otherOffset) = Offset(other);
        if (oneBase == otherBase)
        {
            return Bool(oneOffset == otherOffset);
        }

        return (one.Kind, other.Kind) switch
        {
            (TermKind.BvAdd, TermKind.BvAdd) when one.First.IsConstant && oneOffset == otherOffset =>
                Equal(oneBase, otherBase),
            (TermKind.BvNot, TermKind.BvNot) or (TermKind.BvNeg, TermKind.BvNeg) => Equal(one.First, other.First),
            (TermKind.SignExtend, TermKind.SignExtend) when one.First.Sort == other.First.Sort =>
                Equal(one.First, other.First),
            (TermKind.Concat, TermKind.Concat) when one.Second.Sort == other.Second.Sort =>
                EqualHalves(one, other, one.Second.Width),
            _ => null,
        };
    }

    /// <summary>A choice is equal to one of its branches where it takes it, or where both are equal.</summary>
    private Term? EqualToBranch(Term one, Term other)
    {
        var (choice, term) = one.IsIte && (one.Second == other || one.Third == other) ? (one, other) : (other, one);
        if (!choice.IsIte)
        {
            return null;
        }

        return choice.Second == term ? Or(choice.First, Equal(choice.Third, term))
            : choice.Third == term ? Or(Not(choice.First), Equal(choice.Second, term))
            : null;
    }

    private static (Term Base, ulong Offset) Offset(Term term) =>
        term.Kind == TermKind.BvAdd && term.First.IsConstant ? (term.Second, term.First.Value) : (term, 0);
}
