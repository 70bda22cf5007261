using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PageProof.Tests.SmtModels.Lifting.Samples;

/// <summary>Counting and rotating bits, vectors, and locked accesses.</summary>
public static class BitSamples
{
    public static int Population(ulong a, uint b) => BitOperations.PopCount(a) * 100 + BitOperations.PopCount(b);

    public static int Leading(ulong a, uint b) =>
        BitOperations.LeadingZeroCount(a) * 100 + BitOperations.LeadingZeroCount(b);

    public static int Trailing(ulong a, int b) =>
        BitOperations.TrailingZeroCount(a) * 100 + BitOperations.TrailingZeroCount(b);

    public static int Logarithms(ulong a, uint b) => BitOperations.Log2(a) * 100 + BitOperations.Log2(b);

    public static ulong Rotated(ulong a, int b, uint c) =>
        BitOperations.RotateLeft(a, b) + BitOperations.RotateRight(c, b);

    public static bool Powers(ulong a, int b) => BitOperations.IsPow2(a) ^ BitOperations.IsPow2(b);

    public static uint RoundedUp(uint a) => BitOperations.RoundUpToPowerOf2(a);

    public static uint EqualLanes(ulong a, ulong b, ulong c, ulong d, ulong wanted)
    {
        var row = Vector256.Create(a, b, c, d);
        return Vector256.Equals(row, Vector256.Create(wanted)).ExtractMostSignificantBits();
    }

    public static uint LanesOfArray(ulong a, ulong b, ulong wanted, ulong mask)
    {
        ulong[] row = [a, b, a ^ b, a & b, ~a];
        ref ulong first = ref MemoryMarshal.GetArrayDataReference(row);
        var low = Vector128.LoadUnsafe(ref first) & Vector128.Create(mask);
        var high = Vector256.LoadUnsafe(ref first, 1) | Vector256.Create(mask);
        return Vector128.Equals(low, Vector128.Create(wanted)).ExtractMostSignificantBits()
            + (Vector256.Equals(high, Vector256.Create(wanted)).ExtractMostSignificantBits() << 8);
    }

    public static ulong LanesOfSpan(ulong a, ulong b, ulong c)
    {
        ReadOnlySpan<ulong> row = [a, b, c, 7];
        var all = Vector256.Create(row) ^ Vector256<ulong>.AllBitsSet;
        return Vector256.GreaterThan(all, Vector256.Create(c)).ExtractMostSignificantBits()
            + all.GetElement(2) + Vector256.Sum(all);
    }

    public static int MovedLanes(int a, int b, int amount)
    {
        var row = Vector128.Create(a, b, a + b, a - b);
        var moved = (row << 3) - (row >> amount) + Vector128.Min(row, Vector128.Create(b));
        return Vector128.Sum(Vector128.ConditionalSelect(Vector128.LessThan(row, moved), row, moved))
            + (Vector128.EqualsAny(row, moved) ? 1 : 0) + (row == moved ? 2 : 0);
    }

    public static ulong LanesOfBytes(ulong a, byte b, byte place)
    {
        Span<byte> row = stackalloc byte[16];
        Vector128.Create(b).WithElement(3, (byte)a).StoreUnsafe(ref MemoryMarshal.GetReference(row));
        row[place & 15] = 0x80;
        var lanes = Vector128.LoadUnsafe(ref row[0]);
        var other = Vector128.CreateScalar((byte)7);
        uint signs = (lanes + other).ExtractMostSignificantBits()
            ^ (-lanes - ~other).ExtractMostSignificantBits()
            ^ Vector128.AndNot(lanes, other).ExtractMostSignificantBits();
        return signs + lanes.ToScalar() + (Vector128.EqualsAll(lanes, other) ? 1UL : 0) + (lanes != other ? 2UL : 0)
            + (ulong)Vector128<byte>.Count;
    }

    public static uint ComparedLanes(long a, long b, int amount)
    {
        var one = Vector128.Create(a, b);
        var other = Vector128.Create(b >> 1) | Vector128<long>.Zero;
        return Vector128.LessThanOrEqual(one, other).ExtractMostSignificantBits()
            | (Vector128.GreaterThanOrEqual(one, other).ExtractMostSignificantBits() << 2)
            | (Vector128.GreaterThan(one << amount, other >>> 2).ExtractMostSignificantBits() << 4)
            | (Vector128.Max(one, other).ExtractMostSignificantBits() << 6);
    }

    public static int MovedBack(int a, byte index)
    {
        int[] row = [a, 5, 6, 7];
        ref int last = ref row[3];
        ref int chosen = ref Unsafe.Subtract(ref last, index & 3);
        chosen++;
        Interlocked.Decrement(ref row[0]);
        return row[0] + row[1] * 2 + row[2] * 3 + last * 4 + (Unsafe.IsNullRef(ref chosen) ? 1 : 0);
    }

    public static ulong Locked(ulong a, ulong b, long c)
    {
        ulong word = a;
        ulong before = Interlocked.Or(ref word, b);
        before += Interlocked.And(ref word, ~1UL);
        Interlocked.CompareExchange(ref word, b, before);
        long counter = c;
        Interlocked.Increment(ref counter);
        Interlocked.Add(ref counter, 5);
        return word + before + (ulong)Interlocked.Exchange(ref counter, 3) + (ulong)Volatile.Read(ref counter);
    }

    public static uint Punned(int a, Wrapped b)
    {
        ref uint word = ref Unsafe.As<int, uint>(ref a);
        word ^= 0x8000_0001;
        return word + (uint)Unsafe.As<Wrapped, ulong>(ref b) + Unsafe.BitCast<int, uint>(a);
    }

    public static int Sizes() => Unsafe.SizeOf<Wrapped>() * 100 + Unsafe.SizeOf<Pair>() * 10 + sizeof(ushort);

    public static ulong MoreSizes() =>
        Digits(
            Unsafe.SizeOf<Twice>(), Unsafe.SizeOf<Shape<Twice>>(), Unsafe.SizeOf<Trailing>(), Unsafe.SizeOf<Nested>())
        ^ Digits(Unsafe.SizeOf<EightInts>(), Unsafe.SizeOf<Vector256<byte>>(), Unsafe.SizeOf<nint>()) << 32;

    private static ulong Digits(params ReadOnlySpan<int> sizes)
    {
        ulong digits = 0;
        for (int place = 0; place < sizes.Length; place++)
        {
            digits = digits << 8 | (uint)sizes[place];
        }

        return digits;
    }

    public static uint LanesOfNativeNumbers(nint a, nint b, nuint c)
    {
        var one = Vector128.Create(a).WithElement(1, b);
        var other = Vector128.Create(b);
        var unsigned = Vector128.Create((nuint)a).WithElement(1, c);
        return Vector128.LessThan(one, other).ExtractMostSignificantBits()
            | (Vector128.LessThan(unsigned, Vector128.Create(c >> 1)).ExtractMostSignificantBits() << 2)
            | ((one >> 5).ExtractMostSignificantBits() << 4) | ((unsigned >> 5).ExtractMostSignificantBits() << 6);
    }

    public static uint ComparedParts(uint a, uint b, ushort c, byte d, sbyte e, short f)
    {
        var whole = Vector64.LessThan(Vector64.Create(a, b), Vector64.Create(b));
        var words = Vector64.GreaterThan(Vector64.Create(c), Vector64.Create(c, (ushort)a, (ushort)b, 7));
        var bytes = Vector128.LessThan(Vector128.Create(d), Vector128.Create((byte)a));
        var signedBytes = Vector128.LessThan(Vector128.Create(e), Vector128.Create((sbyte)a));
        var signedWords = Vector64.LessThan(Vector64.Create(f), Vector64.Create((short)a));
        return whole.ExtractMostSignificantBits() | words.ExtractMostSignificantBits() << 2
            | (bytes.ExtractMostSignificantBits() & 1) << 6 | (signedBytes.ExtractMostSignificantBits() & 1) << 7
            | (signedWords.ExtractMostSignificantBits() & 1) << 8;
    }

    public static ulong WideLanes(ulong a, ulong b)
    {
        var row = Vector512.Create(a) + Vector512.Create(Vector256.Create(b), Vector256.Create(a ^ b));
        return Vector512.GreaterThan(row, Vector512.Create(b)).ExtractMostSignificantBits()
            + Vector512.Sum(row) + (ulong)Vector512<ulong>.Count + (ulong)Vector64<byte>.Count;
    }

    public static bool TruthsOfBytes(byte a, byte b)
    {
        ref bool one = ref Unsafe.As<byte, bool>(ref a);
        return IsSame(one, ref one) & IsSame(one, ref Unsafe.As<byte, bool>(ref b));
    }

    private static bool IsSame(bool one, ref bool other) => one == other;
}

public readonly record struct Wrapped(ulong Value);

public record struct Pair(byte Small, uint Great);

public record struct Trailing(uint Great, byte Small);

public record struct Nested(byte First, Trailing Second, ushort Third);
