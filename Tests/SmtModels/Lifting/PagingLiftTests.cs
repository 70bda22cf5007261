using System.Reflection;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.Spec.Paging;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>Each method of Spec and Implementation that theorems are about is what its terms say.</summary>
[InLane("lifting")]
public sealed class PagingLiftTests(LiftedAssemblies assemblies) : IClassFixture<LiftedAssemblies>
{
    private const int StepsMax = 12_000;
    private const int TermsMax = 1_000;

    // A CPU is built with all its arrays, and tables of rights, before anything is done.
    private const int CpuStepsMax = 50_000;
    private const int CpuTermsMax = 10_000;

    private readonly AssemblySet _assemblies = assemblies.Shipped;

    // A method of a CPU takes as long as all others, which is too long for every mutant.
    public static TheoryData<string> Names => [.. Methods.Keys.Where(name => Lane.Current is null || !IsOfCpu(name))];

    private static Dictionary<string, MethodInfo> Methods { get; } =
        new[] { typeof(WalkSpec), typeof(LiftedWalks) }
            .SelectMany(type => type.Assembly.GetTypes())
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance))
            .SelectMany(method => method.GetCustomAttributes<LiftedAttribute>(), (method, mark) => (mark.Name, method))
            .ToDictionary(pair => pair.Name, pair => pair.method);

    [Fact]
    public void All_marked_methods_are_found() => Assert.Equal(
        Methods.Keys.Order(StringComparer.Ordinal), _assemblies.LiftedNames);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_method_is_what_its_terms_say(string name)
    {
        var differential = Compare(name);
        var (stepsMax, termsMax) = IsOfCpu(name) ? (CpuStepsMax, CpuTermsMax) : (StepsMax, TermsMax);
        Assert.True(differential.Call.Steps < stepsMax, $"{differential.Call.Steps} steps");
        Assert.True(differential.TermCount < termsMax, $"{differential.TermCount} terms");
    }

    /// <summary>Otherwise the agreement would be about walks that end at once.</summary>
    [Theory]
    [InlineData("paging.spec.walk", "Outcome.Kind")]
    [InlineData("paging.walk.four", "Kind")]
    [InlineData("paging.walk.five", "Kind")]
    public void Walks_come_to_every_end(string name, string kind)
    {
        var seen = Compare(name, kind).Seen;
        Assert.All(Enum.GetValues<OutcomeKind>().Where(one => one != OutcomeKind.None), one =>
            Assert.True(seen.GetValueOrDefault((ulong)one) * 100 > Differential.Cases, $"{one} is rare"));
    }

    private static bool IsOfCpu(string name) => name.StartsWith("tlb.cpu.", StringComparison.Ordinal);

    private Differential Compare(string name, string? watched = null)
    {
        var method = Methods[name];
        var closed = method.IsGenericMethod ? method.MakeGenericMethod(typeof(TestMemory)) : method;
        Differential differential = new(closed, _assemblies, assemblies => assemblies.Lifted(name))
        {
            Watched = watched,
        };
        var difference = differential.Difference(Differential.Cases, Shaped);
        Assert.True(difference is null, difference);
        return differential;
    }

    // Most words that a register may hold would end a walk before it begins.
    private static ulong Shaped(string path, ulong word) => path switch
    {
        "Address.Value" when word % 8 != 0 => (ulong)((long)(word << 16) >> 16),
        "Kind" or "Cpl" when word % 16 != 0 => word % 5,
        "Level" when word % 16 != 0 => 1 + word % 3,
        "Vendor" when word % 16 != 0 => word % 2,
        "MaxPhyAddr.Bits" when word % 16 != 0 => 36 + word % 17,
        "Efer" or "Cr0" or "Cr4" => word ^ word << 13,
        _ => word,
    };
}
