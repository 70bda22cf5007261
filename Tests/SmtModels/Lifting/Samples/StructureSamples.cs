using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PageProof.Tests.SmtModels.Lifting.Samples;

/// <summary>Structures, tuples, nullables, generics, and references to all of them.</summary>
public static class StructureSamples
{
    public static bool SameRecords(in Point one, Point other) => one == other || one.X == 3 && !one.Equals(other);

    public static Line Moved(Line line, int by) => line with
    {
        From = line.From with { X = line.From.X + by },
        Marked = !line.Marked,
    };

    public static Line Made(int a, bool marked) => new(new(a, 2), default, marked) { Kind = Kind.Second };

    public static (int Low, int High) Ordered(int a, int b) => a < b ? (a, b) : (b, a);

    public static int Swapped(int a, int b)
    {
        (a, b) = (b, a);
        (a, b, int c) = (a + b, a, b);
        return a * 2 + b - c;
    }

    public static bool SameTuples(int a, byte b, int c) => (a, (int)b) == (c, 7) || (a, b).Equals((c, b));

    public static int? Half(int a) => (a & 1) == 0 ? a / 2 : null;

    public static int FromNullable(int? a, int b) =>
        (a ?? b) + (a.HasValue ? 1 : 0) + (a > 5 ? 2 : 0) + (a == b ? 4 : 0);

    public static long Forced(long? a) => a!.Value + 1;

    public static Kind Flagged(Kind kind, Bits bits) =>
        (bits & Bits.High) != 0 ? Kind.Third : kind == Kind.First ? kind + 1 : kind;

    public static Bits Joined(Bits one, Bits other) => one | other & ~Bits.Low ^ Bits.High;

    public static void Outs(int a, out int twice, ref Point point)
    {
        twice = a * 2;
        point = new(point.Y, twice);
        point.Turn();
    }

    public static long Loaded(
        in sbyte a, in byte b, in short c, in ushort d, in int e, in uint f, in long g, in char h, in bool i) =>
        a + b * 3L + c * 5L + d * 7L + e * 11L + f * 13L + g * 17L + h * 19L + (i ? 23 : 0);

    public static void Stored(ref sbyte a, ref ushort b, ref int c, ref ulong d, ref bool e, long value)
    {
        a = (sbyte)value;
        b += (ushort)value;
        c -= a;
        d ^= (ulong)value;
        e = value > a;
    }

    public static int Referred(int a, int b, bool which)
    {
        ref int chosen = ref which ? ref a : ref b;
        chosen += 10;
        ref int again = ref Greater(ref a, ref b);
        again *= 3;
        return a - b;
    }

    public static int InStructure(Point point, bool which)
    {
        ref int part = ref point.Part(which);
        part ^= 0x55;
        return point.X * 7 + point.Y;
    }

    public static int ThroughRefStruct(int a, int b)
    {
        Holder holder = new(ref a, 3);
        holder.Value += b;
        return a + holder.Added;
    }

    public static ulong Generic(uint a, ulong b) =>
        Scaled<Twice>(a) + Scaled<Thrice>(b) + new Shape<Thrice>(5).Scaled(a);

    public static int Overloaded(int a, byte b) => Chosen(default(Overloads), a, b) + Fixed<Overloads>(a) * 3;

    public static int Boxless(Point a, Point b) => Comparison(a, b) + Comparison(b, a) * 3;

    public static bool GenericEquality(Point a, Point b, int? c, int? d) => AreEqual(a, b) ^ AreEqual(c, d);

    public static bool PlainEquality(Edge a, Edge b, Line c, Line d) => AreEqual(a, b) ^ AreEqual(c, d);

    public static int Captured(int a, int b) => new Scaler(a, (byte)b).Scaled(5);

    public static int Typed(int a) => Width<int>(a) + Width<byte>((byte)a);

    public static int ExplicitLayout(Alone one) => one.Number * 3;

    public static int Kinds() =>
        KindOf<int>() + KindOf<Point>() * 4 + KindOf<Named>() * 16 + KindOf<string>() * 64 + KindOf<EightInts>() * 256
        + KindOf<Kind>() * 1024;

    private static int KindOf<T>() =>
        (typeof(T).IsValueType ? 1 : 0) + (RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? 2 : 0);

    private static int Chosen<T>(T value, int a, byte b)
        where T : struct, IOverloads =>
        value.Of(a) + value.Of(a, b) * 3 + value.Of(b) * 5 + value.Of<byte>(a) * 7 + value.Of<long>(b) * 11;

    private static int Fixed<T>(int a)
        where T : IFixed => T.Of(a) + T.Added;

    private static int Width<T>(T value)
        where T : struct =>
        typeof(T) == typeof(byte) ? 8 : typeof(T).IsValueType ? (value.Equals(default(T)) ? 1 : 2) : 3;

    private static bool AreEqual<T>(T one, T other) => EqualityComparer<T>.Default.Equals(one, other);

    private static int Comparison<T>(T one, T other)
        where T : IComparable<T> => one.CompareTo(other);

    private static ref int Greater(ref int a, ref int b) => ref a > b ? ref a : ref b;

    private static ulong Scaled<TScale>(ulong word)
        where TScale : struct, IScale => default(TScale).Of(word) + (ulong)default(TScale).Levels;
}

public interface IScale
{
    int Levels { get; }

    ulong Of(ulong word);
}

public readonly struct Shape<TScale>(byte added)
    where TScale : struct, IScale
{
    private readonly TScale _scale = default;

    public ulong Scaled(ulong word) => Levels > 2 ? _scale.Of(word) + added : word;

    private static int Levels => default(TScale).Levels;
}

public readonly struct Twice : IScale
{
    public int Levels => 2;

    public ulong Of(ulong word) => word * 2;
}

public readonly struct Thrice : IScale
{
    public int Levels => 3;

    ulong IScale.Of(ulong word) => word * 3;
}

public interface IOverloads
{
    int Of<T>(int a);

    int Of(int a);

    int Of(byte a);

    int Of(int a, int b);
}

public interface IFixed
{
    static abstract int Added { get; }

    static abstract int Of(int a);
}

/// <summary>Methods of one name, of which each call means another one.</summary>
public readonly struct Overloads : IOverloads, IFixed
{
    public static int Added => 9;

    static int IFixed.Of(int a) => a ^ 0x55;

    public int Of(int a, int b) => a - b;

    public int Of(byte a) => a >> 3;

    // It has the name and the parameters of the interface's, which is implemented below.
    public int Of(int a) => a + 1;

    public int Of<T>(int a) => typeof(T) == typeof(byte) ? a : ~a;

    int IOverloads.Of(int a) => a * 2;
}

public record struct Point(int X, int Y) : IComparable<Point>
{
    private int _x = X;
    private int _y = Y;

    public int X
    {
        readonly get => _x;
        set => _x = value;
    }

    public int Y
    {
        readonly get => _y;
        set => _y = value;
    }

    public void Turn()
    {
        int x = _x;
        _x = -_y;
        _y = x;
    }

    public readonly int CompareTo(Point other) => X != other.X ? X.CompareTo(other.X) : Y.CompareTo(other.Y);

    public readonly bool IsInside(in Point corner, int depth) => X < corner.X && Y < corner.Y - depth;

    [UnscopedRef]
    public ref int Part(bool first) => ref first ? ref _x : ref _y;
}

public readonly record struct Line(Point From, Point To, bool Marked)
{
    public Kind Kind { get; init; }

    public int Length() => Math.Max(To.X - From.X, To.Y - From.Y) + (Marked ? 1 : 0);
}

[Flags]
public enum Bits : ulong
{
    None = 0,
    Low = 1,
    High = 1UL << 63,
}

public readonly struct Scaler(int factor, byte offset)
{
    public int Scaled(int value) => value * factor + offset;
}

public readonly ref struct Holder
{
    private readonly ref int _value;

    public Holder(ref int value, int added)
    {
        _value = ref value;
        Added = added;
    }

    public int Added { get; }

    public ref int Value => ref _value;
}
