using System.Numerics;
using PageProof.SmtModels.Smt;

namespace PageProof.Tests.SmtModels.Smt;

/// <summary>What can be asked of a pool: the kinds of terms, and what is written by means of them.</summary>
public enum RawOperation
{
    Constant, Variable, Not, And, Or, Implies, Xor, Ite, Equal,
    BvNot, BvNeg, BvAnd, BvOr, BvXor, BvAdd, BvSub, BvMul, BvUdiv, BvUrem, BvSdiv, BvSrem, BvShl, BvLshr, BvAshr,
    Ult, Ule, Slt, Sle, Concat, Extract, ZeroExtend, SignExtend, Select, Store, ConstantMemory,
}

/// <summary>
/// A term as it was asked for, before any simplification: the reference against which the pool is held.
/// Words are computed as unbounded integers, from the text of SMT-LIB and not from our arithmetic.
/// </summary>
public sealed record RawTerm(RawOperation Operation, Sort Sort, IReadOnlyList<RawTerm> Arguments)
{
    public ulong Word { get; init; }

    public string Name { get; init; } = "";

    public int Low { get; init; }

    private RawTerm First => Arguments[0];

    private BigInteger Modulus => BigInteger.One << Sort.Width;

    /// <summary>The term that a pool makes of it, given those of its arguments.</summary>
    public Term Build(TermPool pool, Func<RawTerm, Term> built)
    {
        var terms = Arguments.Select(built).ToArray();
        return Operation switch
        {
            RawOperation.Constant => Sort.IsBool ? pool.Bool(Word == 1) : pool.BitVec(Word, Sort.Width),
            RawOperation.Variable => pool.Variable(Name, Sort),
            RawOperation.Not => pool.Not(terms[0]),
            RawOperation.And => pool.And(terms),
            RawOperation.Or => pool.Or(terms),
            RawOperation.Implies => pool.Implies(terms[0], terms[1]),
            RawOperation.Xor => pool.Xor(terms[0], terms[1]),
            RawOperation.Ite => pool.Ite(terms[0], terms[1], terms[2]),
            RawOperation.Equal => pool.Equal(terms[0], terms[1]),
            RawOperation.BvNot => pool.BvNot(terms[0]),
            RawOperation.BvNeg => pool.BvNeg(terms[0]),
            RawOperation.Extract => pool.Extract(Low + Sort.Width - 1, Low, terms[0]),
            RawOperation.ZeroExtend => pool.ZeroExtend(terms[0], Sort.Width),
            RawOperation.SignExtend => pool.SignExtend(terms[0], Sort.Width),
            RawOperation.Store => pool.Store(terms[0], terms[1], terms[2]),
            RawOperation.ConstantMemory => pool.ConstantMemory(terms[0]),
            _ => BuildOfTwo(pool, terms[0], terms[1]),
        };
    }

    /// <summary>Its value, given those of its arguments and of the variables.</summary>
    public Value Evaluate(Func<RawTerm, Value> valueOf, Func<string, Value> variable)
    {
        var values = Arguments.Select(valueOf).ToArray();
        return Operation switch
        {
            RawOperation.Constant => Value.Of(Word),
            RawOperation.Variable => variable(Name),
            RawOperation.Ite => values[0].IsTrue ? values[1] : values[2],
            RawOperation.Equal => Value.Of(values[0].Equals(values[1])),
            RawOperation.Select => Value.Of(values[0].Memory[values[1].Word]),
            RawOperation.Store => Value.Of(Stored(values[0].Memory, values[1].Word, values[2].Word)),
            RawOperation.ConstantMemory => Value.Of(new MemoryValue(values[0].Word)),
            _ when Sort.IsBool => Value.Of(Truth([.. values.Select(value => value.Word)])),
            _ => Value.Of((ulong)Modulo(Number([.. values.Select(value => new BigInteger(value.Word))]), Modulus)),
        };
    }

    private Term BuildOfTwo(TermPool pool, Term a, Term b) => Operation switch
    {
        RawOperation.BvAnd => pool.BvAnd(a, b),
        RawOperation.BvOr => pool.BvOr(a, b),
        RawOperation.BvXor => pool.BvXor(a, b),
        RawOperation.BvAdd => pool.BvAdd(a, b),
        RawOperation.BvSub => pool.BvSub(a, b),
        RawOperation.BvMul => pool.BvMul(a, b),
        RawOperation.BvUdiv => pool.BvUdiv(a, b),
        RawOperation.BvUrem => pool.BvUrem(a, b),
        RawOperation.BvSdiv => pool.BvSdiv(a, b),
        RawOperation.BvSrem => pool.BvSrem(a, b),
        RawOperation.BvShl => pool.BvShl(a, b),
        RawOperation.BvLshr => pool.BvLshr(a, b),
        RawOperation.BvAshr => pool.BvAshr(a, b),
        RawOperation.Ult => pool.Ult(a, b),
        RawOperation.Ule => pool.Ule(a, b),
        RawOperation.Slt => pool.Slt(a, b),
        RawOperation.Sle => pool.Sle(a, b),
        RawOperation.Concat => pool.Concat(a, b),
        RawOperation.Select => pool.Select(a, b),
        _ => throw new InvalidOperationException($"{Operation} does not take two terms."),
    };

    private bool Truth(ulong[] words)
    {
        int width = First.Sort.Width;
        return Operation switch
        {
            RawOperation.Not => words[0] == 0,
            RawOperation.And => words.All(word => word == 1),
            RawOperation.Or => words.Any(word => word == 1),
            RawOperation.Implies => words[0] == 0 || words[1] == 1,
            RawOperation.Xor => words[0] != words[1],
            RawOperation.Ult => words[0] < words[1],
            RawOperation.Ule => words[0] <= words[1],
            RawOperation.Slt => Signed(words[0], width) < Signed(words[1], width),
            RawOperation.Sle => Signed(words[0], width) <= Signed(words[1], width),
            _ => throw new InvalidOperationException($"{Operation} is no truth."),
        };
    }

    private BigInteger Number(BigInteger[] words)
    {
        var a = words[0];
        var b = words.Length > 1 ? words[1] : 0;
        int width = Sort.Width;
        return Operation switch
        {
            RawOperation.BvNot => Modulus - 1 - a,
            RawOperation.BvNeg => -a,
            RawOperation.BvAnd => a & b,
            RawOperation.BvOr => a | b,
            RawOperation.BvXor => a ^ b,
            RawOperation.BvAdd => a + b,
            RawOperation.BvSub => a - b,
            RawOperation.BvMul => a * b,
            RawOperation.BvUdiv => b.IsZero ? -1 : a / b,
            RawOperation.BvUrem => b.IsZero ? a : a % b,
            RawOperation.BvSdiv => SignedQuotient(Signed(a, width), Signed(b, width)),
            RawOperation.BvSrem => b.IsZero ? a : BigInteger.Remainder(Signed(a, width), Signed(b, width)),
            RawOperation.BvShl => b >= width ? 0 : a << (int)b,
            RawOperation.BvLshr => b >= width ? 0 : a >> (int)b,
            RawOperation.BvAshr => Signed(a, width) >> (int)BigInteger.Min(b, width),
            RawOperation.Concat => (a << Arguments[1].Sort.Width) + b,
            RawOperation.Extract => a >> Low,
            RawOperation.ZeroExtend => a,
            RawOperation.SignExtend => Signed(a, First.Sort.Width),
            _ => throw new InvalidOperationException($"{Operation} is no word."),
        };
    }

    private static BigInteger SignedQuotient(BigInteger a, BigInteger b) =>
        !b.IsZero ? BigInteger.Divide(a, b) : a < 0 ? 1 : -1;

    private static BigInteger Signed(BigInteger word, int width) =>
        word >= BigInteger.One << (width - 1) ? word - (BigInteger.One << width) : word;

    private static BigInteger Modulo(BigInteger number, BigInteger modulus)
    {
        var remainder = number % modulus;
        return remainder.Sign < 0 ? remainder + modulus : remainder;
    }

    private static MemoryValue Stored(MemoryValue memory, ulong address, ulong word) => new(
        memory.Default,
        memory.Entries.Where(entry => entry.Key != address).Append(new(address, word)));
}
