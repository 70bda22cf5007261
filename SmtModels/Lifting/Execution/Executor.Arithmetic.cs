using Mono.Cecil.Cil;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <content>Arithmetic, logic, shifts, comparisons and conversions.</content>
internal sealed partial class Executor
{
    private static Term WordOf(MachineValue value) => value is ScalarValue scalar
        ? scalar.Term
        : throw new LiftingException("it computes with something that is no integer");

    private static Term PopWord(MachineState state) => WordOf(state.Pop());

    private void PushTruth(MachineState state, Term truth) =>
        state.Push(new ScalarValue(Pool.Ite(truth, Pool.BitVec(1, 32), Pool.BitVec(0, 32))));

    /// <summary>Two integers in the same width: beside a native integer, one of 32 bits is extended.</summary>
    private (Term One, Term Other) Aligned(MachineValue one, MachineValue other)
    {
        var (a, b) = (WordOf(one), WordOf(other));
        int width = Math.Max(a.Width, b.Width);
        return (Pool.SignExtend(a, width), Pool.SignExtend(b, width));
    }

    private bool Compute(MachineState state, Operation operation)
    {
        switch (operation.Code)
        {
            case Code.Ldc_I4:
                state.Push(new ScalarValue(Pool.BitVec((ulong)operation.Constant, 32)));
                return true;
            case Code.Ldc_I8:
                state.Push(new ScalarValue(Pool.BitVec((ulong)operation.Constant, 64)));
                return true;
            case Code.Neg:
                state.Push(new ScalarValue(Pool.BvNeg(PopWord(state))));
                return true;
            case Code.Not:
                state.Push(new ScalarValue(Pool.BvNot(PopWord(state))));
                return true;
            case Code.Shl or Code.Shr or Code.Shr_Un:
                Shift(state, operation.Code);
                return true;
            case Code.Ceq or (>= Code.Cgt and <= Code.Clt_Un):
                Compare(state, operation.Code);
                return true;
            case (>= Code.Add and <= Code.Xor) or (>= Code.Add_Ovf and <= Code.Sub_Ovf_Un):
                var other = state.Pop();
                var (a, b) = Aligned(state.Pop(), other);
                state.Push(new ScalarValue(Combine(state, operation.Code, a, b)));
                return true;
            default:
                return false;
        }
    }

    private void Compare(MachineState state, Code code)
    {
        var other = state.Pop();
        var one = state.Pop();
        PushTruth(state, code switch
        {
            Code.Ceq => AreEqual(one, other),
            Code.Cgt => Less(other, one, isSigned: true),
            Code.Cgt_Un => Less(other, one, isSigned: false),
            Code.Clt => Less(one, other, isSigned: true),
            _ => Less(one, other, isSigned: false),
        });
    }

    // A processor looks at the low bits of the amount only.
    private void Shift(MachineState state, Code code)
    {
        var amount = PopWord(state);
        var word = PopWord(state);
        amount = amount.Width > word.Width
            ? Pool.Extract(word.Width - 1, 0, amount)
            : Pool.ZeroExtend(amount, word.Width);
        amount = Pool.BvAnd(amount, Pool.BitVec((ulong)(word.Width - 1), word.Width));
        state.Push(new ScalarValue(code switch
        {
            Code.Shl => Pool.BvShl(word, amount),
            Code.Shr => Pool.BvAshr(word, amount),
            _ => Pool.BvLshr(word, amount),
        }));
    }

    private Term Combine(MachineState state, Code code, Term a, Term b)
    {
        switch (code)
        {
            case Code.Div or Code.Rem or Code.Div_Un or Code.Rem_Un:
                return Divide(state, code, a, b);
            case >= Code.Add_Ovf and <= Code.Sub_Ovf_Un:
                Oblige(state, Pool.Not(Overflows(code, a, b)), Failure.Overflow);
                break;
        }

        return code switch
        {
            Code.Add or Code.Add_Ovf or Code.Add_Ovf_Un => Pool.BvAdd(a, b),
            Code.Sub or Code.Sub_Ovf or Code.Sub_Ovf_Un => Pool.BvSub(a, b),
            Code.Mul or Code.Mul_Ovf or Code.Mul_Ovf_Un => Pool.BvMul(a, b),
            Code.And => Pool.BvAnd(a, b),
            Code.Or => Pool.BvOr(a, b),
            _ => Pool.BvXor(a, b),
        };
    }

    private Term Divide(MachineState state, Code code, Term a, Term b)
    {
        int width = a.Width;
        Oblige(state, Pool.Not(Pool.Equal(b, Pool.BitVec(0, width))), Failure.DivisionByZero);
        if (code is Code.Div or Code.Rem)
        {
            // The one quotient that is out of range.
            var least = Pool.Equal(a, Pool.BitVec(1UL << (width - 1), width));
            var minusOne = Pool.Equal(b, Pool.BitVec(ulong.MaxValue, width));
            Oblige(state, Pool.Not(Pool.And(least, minusOne)), Failure.Overflow);
        }

        return code switch
        {
            Code.Div => Pool.BvSdiv(a, b),
            Code.Rem => Pool.BvSrem(a, b),
            Code.Div_Un => Pool.BvUdiv(a, b),
            _ => Pool.BvUrem(a, b),
        };
    }

    private Term Overflows(Code code, Term a, Term b)
    {
        var sum = Pool.BvAdd(a, b);
        var difference = Pool.BvSub(a, b);
        return code switch
        {
            Code.Add_Ovf => IsNegative(Pool.BvAnd(Pool.BvXor(a, sum), Pool.BvXor(b, sum))),
            Code.Add_Ovf_Un => Pool.Ult(sum, a),
            Code.Sub_Ovf => IsNegative(Pool.BvAnd(Pool.BvXor(a, b), Pool.BvXor(a, difference))),
            Code.Sub_Ovf_Un => Pool.Ult(a, b),
            _ => ProductOverflows(a, b, code == Code.Mul_Ovf),
        };
    }

    private Term ProductOverflows(Term a, Term b, bool isSigned)
    {
        int width = a.Width;
        if (width == 32)
        {
            var whole = isSigned
                ? Pool.BvMul(Pool.SignExtend(a, 64), Pool.SignExtend(b, 64))
                : Pool.BvMul(Pool.ZeroExtend(a, 64), Pool.ZeroExtend(b, 64));
            var low = Pool.Extract(31, 0, whole);
            return Pool.Not(Pool.Equal(whole, isSigned ? Pool.SignExtend(low, 64) : Pool.ZeroExtend(low, 64)));
        }

        // A product that fits can be divided again.
        var product = Pool.BvMul(a, b);
        var isZero = Pool.Equal(a, Pool.BitVec(0, width));
        if (!isSigned)
        {
            return Pool.And(Pool.Not(isZero), Pool.Not(Pool.Equal(Pool.BvUdiv(product, a), b)));
        }

        var trap = Pool.And(
            Pool.Equal(a, Pool.BitVec(ulong.MaxValue, width)),
            Pool.Equal(b, Pool.BitVec(1UL << (width - 1), width)));
        return Pool.Or(trap, Pool.And(Pool.Not(isZero), Pool.Not(Pool.Equal(Pool.BvSdiv(product, a), b))));
    }

    private Term IsNegative(Term word) => Pool.Slt(word, Pool.BitVec(0, word.Width));

    private bool Convert(MachineState state, Code code)
    {
        if (Target(code) is not (var width, var isSigned))
        {
            return false;
        }

        if (state.Stack[^1] is PointerValue && code is (Code.Conv_I or Code.Conv_U))
        {
            return true;
        }

        var word = PopWord(state);
        bool isChecked = code is (>= Code.Conv_Ovf_I1_Un and <= Code.Conv_Ovf_U_Un)
            or (>= Code.Conv_Ovf_I1 and <= Code.Conv_Ovf_U8) or Code.Conv_Ovf_I or Code.Conv_Ovf_U;
        bool fromUnsigned = code is >= Code.Conv_Ovf_I1_Un and <= Code.Conv_Ovf_U_Un;
        if (isChecked)
        {
            Oblige(state, Fits(word, !fromUnsigned, width, isSigned), Failure.CheckedConversion);
        }

        // Widening keeps the value that is converted; an unchecked one takes the sign of its target.
        bool extendsSign = isChecked ? !fromUnsigned : isSigned;
        var converted = width < word.Width ? Pool.Extract(width - 1, 0, word)
            : extendsSign ? Pool.SignExtend(word, width)
            : Pool.ZeroExtend(word, width);
        int stack = Math.Max(width, 32);
        state.Push(new ScalarValue(
            isSigned ? Pool.SignExtend(converted, stack) : Pool.ZeroExtend(converted, stack)));
        return true;
    }

    private Term Fits(Term word, bool fromSigned, int width, bool isSigned)
    {
        int from = word.Width;
        if (fromSigned)
        {
            return width >= from
                ? (isSigned ? Pool.True : Pool.Not(IsNegative(word)))
                : Pool.Equal(Extended(Pool.Extract(width - 1, 0, word), isSigned, from), word);
        }

        int bits = isSigned ? width - 1 : width;
        return bits >= from
            ? Pool.True
            : Pool.Equal(Pool.ZeroExtend(Pool.Extract(bits - 1, 0, word), from), word);
    }

    private Term Extended(Term word, bool isSigned, int width) =>
        isSigned ? Pool.SignExtend(word, width) : Pool.ZeroExtend(word, width);

    private static (int Width, bool IsSigned)? Target(Code code) => code switch
    {
        Code.Conv_I1 or Code.Conv_Ovf_I1 or Code.Conv_Ovf_I1_Un => (8, true),
        Code.Conv_U1 or Code.Conv_Ovf_U1 or Code.Conv_Ovf_U1_Un => (8, false),
        Code.Conv_I2 or Code.Conv_Ovf_I2 or Code.Conv_Ovf_I2_Un => (16, true),
        Code.Conv_U2 or Code.Conv_Ovf_U2 or Code.Conv_Ovf_U2_Un => (16, false),
        Code.Conv_I4 or Code.Conv_Ovf_I4 or Code.Conv_Ovf_I4_Un => (32, true),
        Code.Conv_U4 or Code.Conv_Ovf_U4 or Code.Conv_Ovf_U4_Un => (32, false),
        Code.Conv_I8 or Code.Conv_Ovf_I8 or Code.Conv_Ovf_I8_Un => (64, true),
        Code.Conv_U8 or Code.Conv_Ovf_U8 or Code.Conv_Ovf_U8_Un => (64, false),
        Code.Conv_I or Code.Conv_Ovf_I or Code.Conv_Ovf_I_Un => (64, true),
        Code.Conv_U or Code.Conv_Ovf_U or Code.Conv_Ovf_U_Un => (64, false),
        _ => null,
    };
}
