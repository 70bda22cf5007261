using System.Reflection;
using PageProof.SmtModels.Lifting;
using PageProof.Tests.SmtModels.Lifting.Samples;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>Each sample method is what its terms say: one for every instruction and shape of code.</summary>
[InLane("lifting")]
public sealed class SampleTests(LiftedAssemblies assemblies) : IClassFixture<LiftedAssemblies>
{
    private readonly AssemblySet _assemblies = assemblies.Samples;

    public static TheoryData<string> Names => [.. Samples.Keys];

    private static Dictionary<string, MethodInfo> Samples { get; } =
        new[]
        {
            typeof(ArithmeticSamples), typeof(BitSamples), typeof(FlowSamples), typeof(StructureSamples),
            typeof(ArraySamples), typeof(ObjectSamples), typeof(MemorySamples), typeof(LaneSamples),
            typeof(SpanSamples), typeof(Point), typeof(Line), typeof(Scaler),
        }
        .SelectMany(type => type.GetMethods(
            BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => !IsOfObjects.Contains(method.GetBaseDefinition().DeclaringType!))
        .Select(method => KeyValuePair.Create(
            $"{method.DeclaringType!.Name}.{method.Name}({method.GetParameters().Length})", method))
        .DistinctBy(pair => pair.Key)
        .ToDictionary();

    private static Type[] IsOfObjects => [typeof(object), typeof(ValueType)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_is_what_its_terms_say(string name)
    {
        var method = Samples[name];
        var closed = method.IsGenericMethod ? method.MakeGenericMethod(typeof(TestMemory)) : method;
        Differential differential = new(
            closed, _assemblies, method.IsGenericMethod ? assemblies => assemblies.Find(method) : null);
        var difference = differential.Difference(Differential.Cases);
        Assert.True(difference is null, difference);
    }
}
