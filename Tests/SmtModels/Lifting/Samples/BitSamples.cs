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
}

public readonly record struct Wrapped(ulong Value);

public record struct Pair(byte Small, uint Great);
