using PageProof.Contract;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;
using PageProof.Tests.Mutation;

namespace PageProof.Tests.SmtModels.Theorems;

/// <summary>
/// Two assemblies are proved to do the same only if they do, in results, in what is referred to, and in failures; and
/// nothing is said of what cannot be lifted.
/// </summary>
public sealed class SameMethodsTests(SampleSystem sample) : IClassFixture<SampleSystem>
{
    private const string Lesser = "public static ulong F(ulong a, ulong b) => a < b ? a : b;";
    private const string Doubled = "public static void F(uint a, ref uint b) => b = a + a;";
    private const string Checked = "public static uint F(uint a) => a == 7 ? throw new System.Exception() : a + 1;";
    private const string Bounded =
        "public static uint F(uint a) { uint s = 0; for (uint i = 0; i < 4; i++) { s += a; } return s; }";
    private const string Unbounded =
        "public static uint F(uint a) { uint s = 0; for (uint i = 0; i < a; i++) { s += i; } return s; }";
    private const string OfObject = "private uint _a; public uint F() => _a + _a;";

    [Theory]
    [InlineData(Lesser, "a < b", "a <= b")]
    [InlineData(Lesser, "a < b ? a : b", "b > a ? a : b")]
    [InlineData(Doubled, "a + a", "a << 1")]
    [InlineData(Checked, "a + 1", "a - uint.MaxValue")]
    [InlineData(Checked, "a == 7", "(a & 0xFFFFFFFF) - 7 < 1")]
    [InlineData(Bounded, "i < 4", "i <= 3")]
    [InlineData(Bounded, "s += a", "s -= 0 - a")]
    public void What_does_the_same_in_every_case_is_proved_to(string method, string part, string changed) =>
        Assert.True(AreProved(method, part, changed));

    [Theory]
    [InlineData(Lesser, "a < b", "a > b")]
    [InlineData(Lesser, "a < b", "a < b - 1")]
    [InlineData(Doubled, "a + a", "a + a + (a >> 31)")]
    [InlineData(Doubled, "b = a + a", "_ = b")]
    [InlineData(Checked, "a == 7", "a == 6")]
    [InlineData(Checked, "a == 7 ? throw new System.Exception() : a + 1", "a == 7 ? 1 / (a - 7) : a + 1")]
    [InlineData(Checked, "a == 7 ? throw new System.Exception() : a + 1", "a == 7 ? 0 : a + 1")]
    [InlineData(Bounded, "i < 4", "i < 5")]
    public void What_differs_in_one_case_is_not(string method, string part, string changed) =>
        Assert.False(AreProved(method, part, changed));

    [Theory]
    [InlineData(Unbounded, "s += i", "s = s + i + 0 * a")]
    [InlineData(OfObject, "_a + _a", "2 * _a")]
    [InlineData(Lesser, "public static ulong F", "public static ulong G() => 1; public static ulong F")]
    [InlineData(Lesser, "a < b", "a < b")]
    public void Nothing_is_said_of_what_cannot_be_compared(string method, string part, string changed) =>
        Assert.False(AreProved(method, part, changed));

    /// <summary>Each method that differs has to be the same.</summary>
    [Theory]
    [InlineData("x << 1", true)]
    [InlineData("x + 1", false)]
    public void Of_two_changes_both_are_compared(string other, bool proved)
    {
        const string Two = "public static uint F(uint a) => a + a; public static uint G(uint x) => x + x;";
        string changed = Two.Replace("a + a", "a << 1", StringComparison.Ordinal)
            .Replace("x + x", other, StringComparison.Ordinal);
        Assert.Equal(proved, AreProved(Two, Two, changed));
    }

    private bool AreProved(string method, string part, string changed)
    {
        Assert.Contains(part, method, StringComparison.Ordinal);
        string contract = typeof(ISystem).Assembly.Location;
        using AssemblySet before = new(Compile(method), contract);
        using AssemblySet after = new(Compile(method.Replace(part, changed, StringComparison.Ordinal)), contract);
        using Z3Solver solver = new();
        return SameMethods.AreProved(before, after, solver, TimeSpan.FromSeconds(60));
    }

    private string Compile(string method) => sample.Compiler.Compile(
        SampleSystem.Sources with
        {
            Files = new Dictionary<string, string>
            {
                ["Implementation/Subject.cs"] = $"public sealed class Subject {{ {method} }}",
            },
        },
        "The subject");
}
