namespace PageProof.Tests.SmtModels.Lifting.Samples;

/// <summary>Integers of every width: arithmetic, logic, shifts, comparison, conversion.</summary>
public static class ArithmeticSamples
{
    public static int Linear(int a, int b, int c) => a * b - c + 17;

    public static ulong Mixed(ulong a, uint b, byte c) => a + b * 3UL - c;

    public static int Quotients(int a, int b) => a / b + a % b * 3;

    public static long LongQuotients(long a, long b) => a / b ^ a % b;

    public static uint UnsignedQuotients(uint a, uint b) => a / b + a % b * 5;

    public static ulong LongUnsignedQuotients(ulong a, ulong b) => a / b ^ a % b;

    public static int Remainder(int a, int b) => a % b;

    public static long LongRemainder(long a, long b) => a % b;

    public static ulong ByConstants(ulong a) => a / 10 + a % 8 * 7 + a / 64;

    public static int Negated(int a, sbyte b) => -a + ~b;

    public static ulong Logic(ulong a, ulong b, ulong c) => (a & b | ~c) ^ (a | c);

    public static int Shifts(int a, int amount) => (a << amount) + (a >> amount) + (a >>> amount);

    public static ulong LongShifts(ulong a, int amount) => (a << amount) - (a >> amount) + (ulong)((long)a >> amount);

    public static uint ShiftsByConstants(uint a) => a << 3 | a >> 29 ^ a << 31;

    public static bool Comparisons(int a, int b, uint c, uint d) => a < b ^ c < d ^ a <= (int)c ^ b >= a;

    public static bool LongComparisons(long a, ulong b, long c) => a > c && b > (ulong)c || a == c && b <= 5;

    public static int Narrow(int a) => (sbyte)a + (byte)a + (short)a + (ushort)a + (char)a;

    public static long Wide(sbyte a, byte b, short c, ushort d, int e, uint f, char g) => a + b + c + d + e + f + g;

    public static ulong Reinterpreted(long a, int b) => (ulong)a + (uint)b + (ulong)b;

    public static nint Native(nint a, int b) => a * 3 + b;

    public static nuint NativeUnsigned(nuint a, uint b) => (a >> 3) + b;

    public static int CheckedSum(int a, int b) => checked(a + b);

    public static uint CheckedUnsignedSum(uint a, uint b) => checked(a + b);

    public static long CheckedLongDifference(long a, long b) => checked(a - b);

    public static ulong CheckedUnsignedDifference(ulong a, ulong b) => checked(a - b);

    public static int CheckedProduct(int a, int b) => checked(a * b);

    public static uint CheckedUnsignedProduct(uint a, uint b) => checked(a * b);

    public static long CheckedLongProduct(long a, long b) => checked(a * b);

    public static ulong CheckedLongUnsignedProduct(ulong a, ulong b) => checked(a * b);

    public static long CheckedByMinusOne(long a) => checked(-1 * a);

    public static int CheckedNegation(int a) => checked(-a);

    public static byte CheckedByte(int a) => checked((byte)a);

    public static sbyte CheckedSignedByte(long a) => checked((sbyte)a);

    public static ushort CheckedWord(uint a) => checked((ushort)a);

    public static short CheckedShort(ulong a) => checked((short)a);

    public static int CheckedInt(ulong a) => checked((int)a);

    public static uint CheckedUnsigned(int a) => checked((uint)a);

    public static uint CheckedFromLong(long a) => checked((uint)a);

    public static ulong CheckedUnsignedLong(long a) => checked((ulong)a);

    public static long CheckedLong(ulong a) => checked((long)a);

    public static ulong CheckedSignExtended(int a) => checked((ulong)a);

    public static nuint CheckedNative(long a) => checked((nuint)a);

    public static bool Truths(bool a, bool b, bool c) => a & b | !c ^ a;

    public static int FromTruth(bool a, bool b) => (a ? 1 : 0) + (b ? 2 : 0);

    public static long Smallest(sbyte a, long b) => Math.Min(a, b);

    public static uint Greatest(uint a, uint b) => Math.Max(a, Math.Max(b, 7));

    public static int Absolute(int a) => Math.Abs(a);

    public static int Clamped(int a, int low, int high) => Math.Clamp(a, low, high);

    public static ulong HighProduct(ulong a, ulong b) => Math.BigMul(a, b, out ulong low) ^ low;

    public static int Sign(long a) => Math.Sign(a);
}
