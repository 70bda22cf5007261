namespace PageProof.SmtModels.Smt;

/// <summary>What the operations do to words, as SMT-LIB defines them.</summary>
internal static class WordArithmetic
{
    /// <summary>The word of an operation on two words of the same width.</summary>
    public static ulong Apply(TermKind kind, ulong a, ulong b, int width)
    {
        ulong word = kind switch
        {
            TermKind.BvAnd => a & b,
            TermKind.BvOr => a | b,
            TermKind.BvXor => a ^ b,
            TermKind.BvAdd => a + b,
            TermKind.BvSub => a - b,
            TermKind.BvMul => a * b,
            TermKind.BvUdiv => b == 0 ? ulong.MaxValue : a / b,
            TermKind.BvUrem => b == 0 ? a : a % b,
            TermKind.BvSdiv => SignedQuotient(Signed(a, width), Signed(b, width)),
            TermKind.BvSrem => SignedRemainder(Signed(a, width), Signed(b, width)),
            TermKind.BvShl => b >= (ulong)width ? 0 : a << (int)b,
            TermKind.BvLshr => b >= (ulong)width ? 0 : a >> (int)b,
            TermKind.BvAshr => (ulong)(Signed(a, width) >> (int)Math.Min(b, 63)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an operation on two words."),
        };
        return word & Sort.BitVec(width).Mask;
    }

    /// <summary>The number that a word stands for in two's complement.</summary>
    public static long Signed(ulong word, int width) => (long)(word << (64 - width)) >> (64 - width);

    // The quotient of the least number by -1 is out of range and wraps to itself, where the processor would trap.
    private static ulong SignedQuotient(long a, long b) => b switch
    {
        0 => a < 0 ? 1 : ulong.MaxValue,
        -1 => 0 - (ulong)a,
        _ => (ulong)(a / b),
    };

    private static ulong SignedRemainder(long a, long b) => b switch
    {
        0 => (ulong)a,
        -1 => 0,
        _ => (ulong)(a % b),
    };
}
