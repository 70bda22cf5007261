using System.Reflection;
using PageProof.Contract;
using PageProof.Implementation.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.Spec.Paging;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>Each method of Spec and Implementation that theorems are about is what its terms say.</summary>
[InLane("lifting")]
public sealed class PagingLiftTests : IDisposable
{
    private readonly AssemblySet _assemblies = new(
        typeof(WalkSpec).Assembly.Location, typeof(LiftedWalks).Assembly.Location);

    public static TheoryData<string> Names => [.. Methods.Keys];

    private static Dictionary<string, MethodInfo> Methods { get; } =
        new[] { typeof(WalkSpec), typeof(LiftedWalks) }
            .SelectMany(type => type.Assembly.GetTypes())
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance))
            .SelectMany(method => method.GetCustomAttributes<LiftedAttribute>(), (method, mark) => (mark.Name, method))
            .ToDictionary(pair => pair.Name, pair => pair.method);

    public void Dispose() => _assemblies.Dispose();

    [Fact]
    public void All_marked_methods_are_found() => Assert.Equal(
        Methods.Keys.Order(StringComparer.Ordinal), _assemblies.LiftedNames);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_method_is_what_its_terms_say(string name)
    {
        var method = Methods[name];
        var closed = method.IsGenericMethod ? method.MakeGenericMethod(typeof(TestMemory)) : method;
        Differential differential = new(closed, _assemblies, assemblies => assemblies.Lifted(name));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {differential.Call.Steps} steps, {differential.TermCount} terms, {differential.Call.Obligations.Count} obligations");
        Assert.Null(differential.Difference(Differential.Cases));
    }
}
