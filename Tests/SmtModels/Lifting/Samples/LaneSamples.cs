using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PageProof.Tests.SmtModels.Lifting.Samples;

/// <summary>Operations on vectors by their names instead of their signs, and of every width.</summary>
public static class LaneSamples
{
    public static int ByName(int a, int b, int amount)
    {
        var row = Vector128.Create(a, b, 7, -1);
        var other = Vector128.Create(b);
        var sum = Vector128.Add(row, Vector128.Negate(other));
        var mixed = Vector128.BitwiseOr(Vector128.BitwiseAnd(row, other), Vector128.Xor(row, sum));
        var moved = Vector128.ShiftLeft(Vector128.OnesComplement(mixed), amount);
        moved = Vector128.Subtract(moved, Vector128.ShiftRightArithmetic(row, amount));
        moved = Vector128.Add(moved, Vector128.ShiftRightLogical(row, 3));
        return Vector128.Sum(moved) * 3 + moved[1] + moved.GetElement(3) + moved.ToScalar();
    }

    public static int Asked(ulong a, ulong b)
    {
        var one = Vector128.Create(a, b);
        var other = Vector128.Create(b);
        return (Vector128.EqualsAll(one, other) ? 1 : 0) + (Vector128.EqualsAny(one, other) ? 2 : 0)
            + (one != other ? 4 : 0) + (Vector128.IsHardwareAccelerated ? 8 : 0)
            + (Vector128<ulong>.IsSupported ? 16 : 0) + Vector128<ulong>.Count;
    }

    public static ulong Compared(ulong a, ulong b, byte c)
    {
        var one = Vector128.Create(a, b);
        var other = Vector128.Create(b);
        var least = Vector128.Min(one, other) - Vector128.Max(one, other);
        return Vector128.LessThan(one, other).ExtractMostSignificantBits()
            | Vector128.GreaterThan(one, other).ExtractMostSignificantBits() << 2
            | Vector128.LessThanOrEqual(one, other).ExtractMostSignificantBits() << 4
            | Vector128.GreaterThanOrEqual(one, other).ExtractMostSignificantBits() << 6
            | Vector64.LessThanOrEqual(Vector64.Create(c), Vector64.Create((byte)a)).ExtractMostSignificantBits() << 8
            | Vector128.Sum(least) << 16;
    }

    public static uint MovedBytes(byte a, byte b, int amount)
    {
        var row = Vector64.Create(a).WithElement(2, b);
        var signed = Vector64.Create((sbyte)a).WithElement(1, (sbyte)b);
        return Vector64.Sum(row << amount) + (uint)Vector64.Sum(row >> amount) * 256
            + (uint)(byte)Vector64.Sum(signed >> amount) * 65_536u
            + (uint)(byte)Vector64.Sum(signed >>> amount) * 16_777_216u;
    }

    public static ulong MovedWords(ulong a, ulong b, int amount)
    {
        var row = Vector128.Create(a, b);
        var signed = Vector128.Create((long)a, (long)b);
        return Vector128.Sum(row << amount) ^ Vector128.Sum(row >> amount) * 3
            ^ (ulong)Vector128.Sum(signed >> amount) * 5 ^ (ulong)Vector128.Sum(signed >>> amount) * 7;
    }

    public static ulong Joined(ulong a, uint b, uint c)
    {
        var low = Vector64.Create(b, c);
        var both = Vector128.Create(low, Vector64.Create(c));
        var wide = Vector512.Create(Vector256.Create(a), Vector256.CreateScalar(a + 1));
        return both.GetElement(1) + both.GetElement(2) * 3UL + wide.GetElement(3) * 5 + wide.GetElement(4) * 7
            + wide.GetElement(5) * 11 + Vector64.Create(a).ToScalar();
    }

    public static ulong Stored(ulong a, ulong b, ulong c)
    {
        ulong[] row = [1, 2, 3, 4, 5, 6];
        ref ulong first = ref MemoryMarshal.GetArrayDataReference(row);
        Vector128.Create(a, b).StoreUnsafe(ref first);
        Vector128.Create(b, c).StoreUnsafe(ref first, 3);
        var loaded = Vector256.LoadUnsafe(ref first, 2);
        return row[0] + row[1] * 3 + row[2] * 5 + row[3] * 7 + row[4] * 11 + row[5] * 13 + Vector256.Sum(loaded);
    }

    public static uint OfSpan(byte length, uint a)
    {
        ReadOnlySpan<uint> row = [a, a + 1, a + 2, a + 3, a + 4];
        var loaded = Vector128.Create(row[..(length % 6)]);
        return loaded.GetElement(0) + loaded.GetElement(3) * 5;
    }

    public static uint Mixed(uint a, uint b, uint mask)
    {
        var chosen = Vector128.ConditionalSelect(Vector128.Create(mask), Vector128.Create(a), Vector128.Create(b));
        var none = Vector128.AndNot(chosen, Vector128<uint>.AllBitsSet) + Vector128<uint>.Zero;
        return chosen.GetElement(2) * 3 + none.GetElement(1);
    }
}

/// <summary>Spans over everything that they can be over, and references that are moved and renamed.</summary>
public static class SpanSamples
{
    public static int OfParts(int start, int length, int a)
    {
        int[] row = [a, 1, 2, 3];
        Span<int> part = new(row, start, length);
        return part.Length * 100 + (part.Length > 1 ? part[1] : 7);
    }

    public static int OfOneOfTwo(bool which, int index, int a)
    {
        int[] one = [a, 1, 2, 3];
        int[] other = [4, a];
        Span<int> chosen = which ? one : other;
        chosen[index] += 3;
        ReadOnlySpan<int> read = chosen;
        return one[0] + other[1] * 3 + read.Length * 5 + chosen[^1];
    }

    public static int OfNothing(int a)
    {
        int[]? none = null;
        Span<int> empty = none;
        ReadOnlySpan<int> other = default;
        return empty.Length + other.Length * 3 + a;
    }

    public static int OfOne(int a)
    {
        Span<int> one = new(ref a);
        one[0] += 5;
        return a + one.Length;
    }

    public static int OverElements(byte index, int a)
    {
        int[] row = [a, 1, 2, 3, 4, 5];
        var part = MemoryMarshal.CreateSpan(ref row[index & 3], 3);
        part[2] = a;
        return row[2] + row[5] * 3 + MemoryMarshal.CreateReadOnlySpan(in part[1], 2)[1];
    }

    public static int Overlapping(int a, byte index)
    {
        int[] row = [a, 1, 2, 3, 4];
        row.AsSpan(0, 3).CopyTo(row.AsSpan(1));
        row.AsSpan(3, 2).CopyTo(row.AsSpan(2));
        return row[index % 5];
    }

    public static int CopiedTo(byte length, byte a)
    {
        Span<byte> from = stackalloc byte[3];
        Span<byte> to = stackalloc byte[8];
        from.Fill(a);
        from[1] = 9;
        from.CopyTo(to[..(length & 7)]);
        to[4..6].Fill(3);
        from[..2].Clear();
        return to[0] + to[1] * 3 + to[2] * 5 + to[5] * 7 + from[1] + from[2] * 11;
    }

    public static long Renamed(Line line, int a, Wrapped b)
    {
        EightInts row = default;
        Unsafe.As<EightInts, int>(ref row) = a;
        Unsafe.As<Line, int>(ref line) += 3;
        ref int third = ref Unsafe.Add(ref Unsafe.As<EightInts, int>(ref row), 2);
        third = a + 1;
        Unsafe.SkipInit(out int skipped);
        skipped = row[2];
        return row[0] + line.From.X * 3L + (long)Unsafe.BitCast<Wrapped, ulong>(b) * 5
            + (long)Unsafe.BitCast<long, Wrapped>(a).Value + skipped;
    }

    public static long Ordered(sbyte a, long b, int c, uint d)
    {
        sbyte small = 0;
        long word = b;
        int number = c;
        uint bits = d;
        Volatile.Write(ref small, a);
        Interlocked.MemoryBarrier();
        Volatile.WriteBarrier();
        Volatile.Write(ref word, b + 1);
        Volatile.ReadBarrier();
        long before = Interlocked.CompareExchange(ref word, 5, b * 2);
        int old = Interlocked.Exchange(ref number, 9);
        uint or = Interlocked.Or(ref bits, 3u);
        uint and = Interlocked.And(ref bits, ~4u);
        return Volatile.Read(ref small) + word * 3 + before * 5 + number * 7 + old * 11 + or + and * 13L + bits * 17L
            + Interlocked.Decrement(ref number) + Interlocked.Add(ref word, c) * 19;
    }
}
