using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PageProof.Tests.SmtModels.Lifting.Samples;

/// <summary>Inline arrays, arrays, spans and static data, at indices that depend on the input.</summary>
public static class ArraySamples
{
    private static readonly ulong[] Squares = MakeSquares();
    private static readonly int[] Primes = [2, 3, 5, 7, 11, 13, 17];
    public static readonly int Unset;

    private static readonly Point Corner = new(3, -4);

    private static ReadOnlySpan<byte> Digits => [3, 0x81, 4, 1, 0xFF, 9, 2, 6];

    private static ReadOnlySpan<uint> Words => [0x8000_0000, 17, 0xFFFF_FFFF];

    internal static ThreeWords Turned(ThreeWords row, ulong last)
    {
        (row[0], row[1], row[2]) = (row[1], row[2], row[0] ^ last);
        return row;
    }

    public static int InlineRead(int index, int a)
    {
        EightInts row = default;
        for (int place = 0; place < 8; place++)
        {
            row[place] = a + place * place;
        }

        row[3] = -a;
        return row[index] + row[2];
    }

    public static int InlineWrite(byte index, byte other, int a)
    {
        EightInts row = default;
        row[index & 7] = a;
        row[other & 7] += 3;
        int sum = 0;
        foreach (int element in row)
        {
            sum = sum * 5 + element;
        }

        return sum;
    }

    public static int InlineOfStructures(uint index, int a, int b)
    {
        FivePoints row = default;
        row[0] = new(a, b);
        row[4].X = b;
        ref Point point = ref row[(int)(index % 5)];
        point.Y += a;
        point.Turn();
        return row[0].X + row[0].Y * 3 + row[4].X * 7 + row[4].Y * 11 + row[2].X * 13;
    }

    public static int InlineInStructure(byte index, int a)
    {
        Shelf shelf = new(a);
        shelf.Put(index, 9);
        return shelf.Total() + shelf[index];
    }

    public static ulong InlineCopied(byte index, ulong a)
    {
        ThreeWords one = default;
        one[1] = a;
        var other = one;
        other[index % 3] = 5;
        return one[0] + one[1] * 2 + other[2] * 3 + other[0] * 5 + other[1] * 7;
    }

    public static ulong ArrayRead(int index, ulong a)
    {
        ulong[] row = [a, a + 1, 7, a ^ 5];
        return row[index] + (ulong)row.Length;
    }

    public static short ArrayWrite(uint index, short a)
    {
        short[] row = new short[6];
        row[index] = a;
        row[5] |= 1;
        return (short)(row[0] + row[1] * 2 + row[5] * 3);
    }

    public static int OneOfTwoArrays(bool which, int index, int a)
    {
        int[] one = [a, 2, 3];
        int[] other = [4, a];
        int[] chosen = which ? one : other;
        chosen[0]++;
        return chosen[index] + one[0] * 2 + other[0] * 3 + chosen.Length;
    }

    public static int PointsInArray(int index, int a)
    {
        var row = new Point[3];
        row[1] = new(a, 2);
        ref Point point = ref row[index];
        point.X = 5;
        return row[1].X + row[1].Y + row[0].X;
    }

    public static ulong StaticTable(int index) => Squares[index];

    public static int StaticInitialized(uint index) => Primes[index % 7] + Primes.Length;

    public static int StaticStructure(Point point) => point == Corner ? 1 : Corner.X - Corner.Y + point.X;

    public static int StaticBytes(int index) => Digits[index];

    public static uint StaticWords(byte index) => Words[index & 1] + Words[^1];

    public static uint StaticWord(int index) => Words[index];

    public static int StaticsThatAreKnown(int a) => BrokenStatics.Early * a + Unset + Unassigned.Number + Counted.Start;

    public static int ManyElements(byte a)
    {
        Many row = default;
        row[a & 1] = a;
        return row[0] * 3 + row[65_535];
    }

    public static int SpanParts(int start, int length, int a)
    {
        Span<int> row = [a, 1, 2, 3, 4, 5, 6, a];
        var part = row.Slice(start, length);
        int sum = part.Length;
        if (part.Length > 1)
        {
            part[1] = 100;
            sum += part[0];
        }

        return sum + row[1] + row[7];
    }

    public static int SpanRange(byte index, int a)
    {
        int[] row = [a, 10, 20, 30, 40];
        var part = row.AsSpan(1..^1);
        part[index % 4] += a;
        return row[1] + row[2] * 2 + row[3] * 3 + part.Length;
    }

    public static uint OnStack(byte index, uint a)
    {
        Span<uint> row = stackalloc uint[5];
        row[index % 5] = a;
        row[2] ^= 1;
        uint sum = 0;
        for (int place = 0; place < row.Length; place++)
        {
            sum = sum * 3 + row[place];
        }

        return sum;
    }

    public static int Copied(int a, byte index)
    {
        int[] from = [a, 1, 2];
        Span<int> to = stackalloc int[4];
        to.Fill(7);
        from.AsSpan().CopyTo(to[1..]);
        to[..1].Clear();
        return to[index & 3];
    }

    public static int ChosenElement(bool which, byte index, byte other, int a)
    {
        Span<int> row = [a, 10, 20, 30];
        ref int chosen = ref which ? ref row[index & 3] : ref row[other & 1];
        chosen += 5;
        ref int fixedOne = ref which ? ref row[0] : ref row[3];
        fixedOne *= 2;
        return row[0] + row[1] * 3 + row[2] * 5 + row[3] * 7 + chosen;
    }

    public static int Kept(int index, bool which)
    {
        int[] row = [1, 2, 3];
        ref int kept = ref row[index];
        if (which)
        {
            kept += 5;
        }

        return row[0] + row[1] * 2 + kept * 3;
    }

    public static int PartlyChecked(int index, byte other, bool which)
    {
        int[] row = [1, 2, 3, 4];
        ref int free = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(row), other & 3);
        ref int chosen = ref which ? ref row[index] : ref free;
        return chosen + row[1];
    }

    public static int ThreeWays(int a, int b, int c)
    {
        ref int chosen = ref a > 0 ? ref a : ref b > 0 ? ref b : ref a;
        chosen += 7;
        ref int again = ref c > 0 ? ref chosen : ref c;
        again -= b;
        return a + b * 3 + c * 5;
    }

    public static int OfDifferentDepths(Line line, byte index, bool which, bool other)
    {
        Frame frame = new(line, 9);
        frame.Corners[0] = line.To;
        frame.Corners[3] = line.From;
        ref int chosen = ref which ? ref frame.Corners[index % 5].Part(other) : ref frame.Depth;
        chosen += 5;
        ref int point = ref frame.Corners[index & 1].Part(which);
        ref int another = ref other ? ref point : ref frame.Corners[3].Part(other);
        another *= 3;
        return frame.Depth + frame.Corners[0].X + frame.Corners[1].Y * 7 + frame.Corners[3].X * 11 + another;
    }

    public static int OfDifferentRoots(in Edge edge, byte index, bool which, bool other)
    {
        int[] one = [1, 2, 3, 4];
        int[] two = [9, 8, 7, 6];
        ref int chosen = ref which ? ref one[index & 1] : ref two[index & 3];
        chosen += 10;
        ref readonly int depth = ref other ? ref edge.Depth : ref Edge.Usual.Depth;
        return one[1] * 3 + two[1] * 5 + chosen * 7 + depth * 11;
    }

    public static int AfterJoin(int a, byte index)
    {
        int[] row = [a, 2, 3];
        int x = a > 3 ? a * 5 : a < -3 ? -a : 7;
        if (x == 8 && a != 1)
        {
            row[2] = 4;
        }

        return row[index] + x;
    }

    public static long Elements(byte index, long a)
    {
        sbyte[] one = [(sbyte)a, 2];
        byte[] two = [(byte)a, 3];
        ushort[] three = [(ushort)a, 4];
        uint[] four = [(uint)a, 5];
        long[] five = [a, 6];
        nint[] six = [(nint)a, 7];
        bool[] seven = [a > 3, true];
        char[] eight = [(char)a, 'x'];
        int place = index & 1;
        one[place]++;
        two[place] += 200;
        three[place] -= 9;
        four[place] <<= 1;
        five[place] = -five[place];
        six[place] ^= 1;
        seven[place] |= a == 0;
        return one[0] + two[0] + three[0] + four[0] + five[0] + six[0] + (seven[0] ? 1 : 0) + eight[place];
    }

    public static ulong Unchecked(uint index, ulong a)
    {
        ulong[] row = [1, a, 3, a + 4];
        ref ulong first = ref MemoryMarshal.GetArrayDataReference(row);
        Unsafe.Add(ref first, 2) = a;
        return Unsafe.Add(ref first, (nint)(index & 3)) + Unsafe.Add(ref first, 3);
    }

    public static int Transposed(byte index)
    {
        Span<int> row = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        for (int i = 0; i < 3; i++)
        {
            for (int j = i + 1; j < 3; j++)
            {
                (row[i * 3 + j], row[j * 3 + i]) = (row[j * 3 + i], row[i * 3 + j]);
            }
        }

        return row[index];
    }

    private static ulong[] MakeSquares()
    {
        ulong[] squares = new ulong[20];
        for (int number = 0; number < squares.Length; number++)
        {
            squares[number] = (ulong)(number * number);
        }

        return squares;
    }
}

[InlineArray(8)]
public struct EightInts
{
    private int _first;
}

[InlineArray(5)]
public struct FivePoints
{
    private Point _first;
}

[InlineArray(3)]
public struct ThreeWords
{
    private ulong _first;
}

public struct Frame(Line line, int depth)
{
    public Line Line = line;
    public FivePoints Corners;
    public int Depth = depth;
}

public static class Unassigned
{
    public static readonly int Number;
}

public sealed class Counted(int number)
{
    public static readonly int Start = 4;

    public int Number => number;
}

public struct Edge
{
    public static readonly Edge Usual = new() { Depth = 5 };

    public int Depth;
}

public struct Shelf(int first)
{
    private EightInts _row = Filled(first);
    private int _count;

    public readonly int this[int index] => _row[index];

    public void Put(int index, int value)
    {
        _row[index] = value;
        _count++;
    }

    public readonly int Total() => _row[0] + _row[7] * 2 + _count;

    private static EightInts Filled(int first)
    {
        EightInts row = default;
        Span<int> all = row;
        all.Fill(first);
        return row;
    }
}
