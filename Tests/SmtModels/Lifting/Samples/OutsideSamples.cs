using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Tests.SmtModels.Lifting.Samples;

/// <summary>Methods that cannot be lifted, or only with an obligation.</summary>
public static class OutsideSamples
{
    private static readonly int[] Table = [1, 2, 3];
    private static int _changing;

    private static ReadOnlySpan<byte> Data => [1, 2, 3];

    private static ReadOnlySpan<double> Doubles => [1.5, 2.5];

    public static double Floating(int a) => a * 1.5;

    public static string Texts(int a) => a.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static int Allocated(int a) => new List<int> { a }.Count;

    public static int Changing() => _changing;

    public static void Changed(int a) => _changing = a;

    public static void ChangesTable(int a) => Table[0] = a;

    public static int Caught(int a)
    {
        try
        {
            return 10 / a;
        }
        catch (DivideByZeroException)
        {
            return 0;
        }
    }

    public static int SizedByInput(int a) => new int[a & 7].Length;

    public static int AnyType<T>(T value)
        where T : struct => value.GetHashCode();

    public static int OfArray(int[] a) => a[0];

    public static int Delegated(int a) => new Func<int, int>(one => one + a)(3);

    public static uint Endless(uint a)
    {
        while (a != 1)
        {
            a = (a & 1) == 0 ? a / 2 : a * 3 + 1;
        }

        return a;
    }

    public static int TooLong(int a)
    {
        // The span reaches one further than what it is made over.
        var row = MemoryMarshal.CreateSpan(ref a, 2);
        return row[0];
    }

    public static int TooLongForElements(int a)
    {
        int[] row = [a, 1, 2];
        return MemoryMarshal.CreateSpan(ref row[1], 3)[0];
    }

    public static int ReadBeyond(int a)
    {
        int[] row = [a, 1, 2];
        return row[3];
    }

    public static int WrittenBeyond(int a)
    {
        int[] row = [a, 1, 2];
        row[3] = 9;
        return row[0];
    }

    public static int UncheckedBeyond(int a)
    {
        int[] row = [a, 1, 2];
        return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(row), 3);
    }

    public static int NeverMade(int a) => new Unmade(a).Number;

    public static bool NearEquality(int a) => AreEqual(new Near { Number = a }, default);

    public static int OfNothing(int a) => (new int[0])[a];

    public static int NoElements(Vector64<Line> none) => none.GetHashCode();

    public static uint Never(uint a)
    {
        if (a > 3)
        {
            throw new InvalidOperationException();
        }

        throw new ArgumentException("It is small.", nameof(a));
    }

    public static uint NeverAfterCall(uint a, bool b) => b ? Never(a) + 1 : Never(a + 1);

    public static ulong NeverRead<TMemory>(TMemory memory, ref ulong a)
        where TMemory : struct, IPhysicalMemory
    {
        a = memory.Read(new(a)).Value;
        throw new InvalidOperationException();
    }

    public static TMemory Same<TMemory>(TMemory memory)
        where TMemory : struct, IPhysicalMemory => memory;

    public static ulong Absent<TMemory>(ulong a)
        where TMemory : struct, IPhysicalMemory => default(TMemory).Read(new(a)).Value;

    public static int Hashed<TMemory>(TMemory memory)
        where TMemory : struct, IPhysicalMemory => memory.GetHashCode();

    public static bool TwoMemories<TOne, TOther>(TOne one, TOther other, PhysicalAddress address)
        where TOne : struct, IPhysicalMemory
        where TOther : struct, IPhysicalMemory => one.Read(address) == other.Read(address);

    public static int[] Row(int a) => [a, a];

    public static int FilledByInput(int a)
    {
        Span<int> row = stackalloc int[8];
        row[..(a & 7)].Fill(1);
        return row[0];
    }

    public static int VectorOfArray(int a) => Vector128.Sum(Vector128.Create((int[])[a, 1, 2, 3]));

    public static int LaneByInput(int a, int place) => Vector128.Create(a).GetElement(place);

    public static int LaneBeyond(int a) => Vector128.Create(a).GetElement(4);

    public static int ChangesData(byte a)
    {
        ref byte first = ref Unsafe.AsRef(in Data[0]);
        first = a;
        return first;
    }

    public static int OfDoubles(int a) => Doubles.Length + a;

    public static int LateStatic(int a) => BrokenStatics.Late + a;

    public static int ThrownStatic(int a) => ThrowingStatics.Number + a;

    public static bool OwnEquality(int a) => AreEqual(new Own { Number = a }, default);

    public static bool Unequal() => AreEqual(default(Named), default);

    public static int Overlapping(int a) => new Overlap { Number = a }.Low;

    public static int TooManyElements(int a)
    {
        ManyAndOne row = default;
        row[a & 1] = 1;
        return row[0];
    }

    public static int Deep(int a) => a == 0 ? 0 : Deep(a - 1) + 1;

    [Lifted("sample.inner")]
    public static int Inner(int a, Line line) => a + Inner(line);

    private static int Inner(Line line) => (int)((float)line.From.X / 2);

    private static bool AreEqual<T>(T one, T other) => EqualityComparer<T>.Default.Equals(one, other);
}

internal static class BrokenStatics
{
    public static readonly int Early = 3;
    public static readonly int Late = new List<int>().Count;
}

internal static class ThrowingStatics
{
    public static readonly int Number = Quotient(0);

    private static int Quotient(int a) => 10 / a;
}

public readonly struct Named(string name, int number)
{
    public int Number { get; } = number + name.Length;

    public string Name { get; } = name;
}

public readonly struct Unmade
{
    public Unmade(int number)
    {
        if (number > 3)
        {
            throw new InvalidOperationException();
        }

        throw new ArgumentException("It is small.", nameof(number));
    }

    public int Number { get; }
}

public struct Near : IComparable<Near>
{
    public int Number;

    public readonly bool Equals(Near other) => (Number ^ other.Number) < 2;

    public readonly int CompareTo(Near other) => Number - other.Number;
}

public struct Own
{
    public int Number;

    public override readonly bool Equals(object? obj) => obj is Own other && (Number ^ other.Number) < 2;

    public override readonly int GetHashCode() => 0;
}

public struct Nest<T>
{
    public T Inner;
}

[StructLayout(LayoutKind.Explicit)]
public struct Overlap
{
    [FieldOffset(0)]
    public int Number;

    [FieldOffset(0)]
    public byte Low;
}

[StructLayout(LayoutKind.Explicit)]
public struct Alone
{
    [FieldOffset(0)]
    public int Number;
}

[InlineArray(65_536)]
public struct Many
{
    private byte _first;
}

[InlineArray(65_537)]
public struct ManyAndOne
{
    private byte _first;
}
