using System.Runtime.InteropServices;
using PageProof.Contract;

namespace PageProof.Tests.SmtModels.Lifting.Samples;

/// <summary>Methods that cannot be lifted, or only with an obligation.</summary>
public static class OutsideSamples
{
    private static readonly int[] Table = [1, 2, 3];
    private static int _changing;

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

    public static int Deep(int a) => a == 0 ? 0 : Deep(a - 1) + 1;

    [Lifted("sample.inner")]
    public static int Inner(int a, Line line) => a + Inner(line);

    private static int Inner(Line line) => (int)((float)line.From.X / 2);
}
