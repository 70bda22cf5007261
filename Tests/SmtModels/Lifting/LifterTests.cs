using System.Reflection;
using Mono.Cecil;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;
using PageProof.Tests.SmtModels.Lifting.Samples;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>What a call is asked for and what it gives, beyond the value that it returns.</summary>
[InLane("lifting")]
public sealed class LifterTests(LiftedAssemblies assemblies) : IClassFixture<LiftedAssemblies>
{
    private readonly AssemblySet _assemblies = assemblies.Samples;
    private readonly TermPool _pool = new();

    [Theory]
    [InlineData(nameof(OutsideSamples.Never), 1)]
    [InlineData(nameof(OutsideSamples.NeverAfterCall), 2)]
    [InlineData(nameof(OutsideSamples.NeverRead), 1)]
    [InlineData(nameof(OutsideSamples.NeverMade), 1)]
    public void What_never_returns_gives_nothing(string name, int throws)
    {
        var call = Lift(typeof(OutsideSamples), name);
        Assert.Equal(throws, call.Obligations.Count);
        Assert.All(call.Obligations, one => Assert.Equal(Failure.Throw, one.What));
        Assert.True(call.Fails(_pool).IsTrue);
        Assert.Null(call.Result);
        Assert.Null(call.Memory);
        Assert.Empty(call.Outputs);
    }

    [Fact]
    public void Outputs_are_the_parameters_by_reference_but_for_memory() => Assert.Equal(
        ["address", "entry"],
        Lift(typeof(MemorySamples), nameof(MemorySamples.ByReference)).Outputs.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Captured_parameters_have_their_names() => Assert.Equal(
        ["factor", "offset"],
        Lift(typeof(Scaler), nameof(Scaler.Scaled)).Parameters["this"].Leaves.Select(leaf => leaf.Path));

    [Fact]
    public void A_memory_has_no_integers_in_it() => Assert.Empty(
        Lift(typeof(OutsideSamples), nameof(OutsideSamples.Same)).Result!.Leaves);

    [Fact]
    public void A_reference_has_no_integers_in_it() => Assert.Equal(
        "A reference has no integers in it.",
        Message(() => Lift(typeof(OutsideSamples), nameof(OutsideSamples.Row)).Result!.Leaves));

    [Fact]
    public void There_is_one_memory()
    {
        var memory = Lifter.OfMemory(_pool.Variable("memory", Sort.Memory));
        var other = Lifter.OfMemory(_pool.Variable("other", Sort.Memory));
        var call = Lift(
            typeof(OutsideSamples), nameof(OutsideSamples.TwoMemories), ("one", memory), ("other", memory));
        Assert.Same(_pool.BitVec(1, 8), call.Result!.Scalar);
        const string Refusal = "A method has one memory, and that is an array.";
        Assert.Equal(Refusal, Message(() => Lift(
            typeof(OutsideSamples), nameof(OutsideSamples.TwoMemories), ("one", memory), ("other", other))));
        Assert.Equal(Refusal, Message(() => Lift(
            typeof(OutsideSamples), nameof(OutsideSamples.Same), ("memory", Lifter.OfScalar(_pool.True)))));
    }

    [Theory]
    [InlineData(nameof(OutsideSamples.Absent), "there is no memory")]
    [InlineData(nameof(OutsideSamples.Hashed), "memory has no such operation")]
    public void What_memory_does_not_do_is_told(string name, string reason) => Assert.EndsWith(
        $", {reason}.", Message(() => Lift(typeof(OutsideSamples), name)), StringComparison.Ordinal);

    [Fact]
    public void A_parameter_that_the_method_lacks_is_told()
    {
        Lifter lifter = new(_pool, _assemblies);
        var value = Lifter.OfScalar(_pool.True);
        string refusal = $"{typeof(OutsideSamples)}.Inner has no parameter absent.";
        Assert.Equal(refusal, Message(() => lifter.Lift("sample.inner", ("absent", value))));
        Assert.Equal(refusal, Message(() => lifter.FreshParameter("sample.inner", "absent")));
    }

    [Fact]
    public void A_method_that_is_nowhere_is_told()
    {
        var chain = Find(typeof(FlowSamples), nameof(FlowSamples.Chain));
        MethodReference absent = new("Absent", chain.Module.TypeSystem.Int32, chain.DeclaringType);
        Assert.Equal(
            $"System.Int32 {typeof(FlowSamples)}::Absent() is not to be found.",
            Message(() => new Lifter(_pool, _assemblies).LiftMethod(absent)));
    }

    [Fact]
    public void A_method_of_an_object_is_refused() => Assert.Equal(
        $"System.Void {typeof(LiftedAssemblies)}::Dispose() is a method of an object, and cannot be lifted.",
        Message(() => Lift(typeof(LiftedAssemblies), nameof(LiftedAssemblies.Dispose))));

    [Fact]
    public void A_type_that_stands_for_nothing_is_told() => Assert.Equal(
        "The type parameter TScale stands for no type.",
        Message(() => Lift(typeof(Shape<>), nameof(Shape<>.Scaled))));

    [Fact]
    public void A_type_parameter_for_a_type_parameter_is_told()
    {
        var generic = Find(typeof(OutsideSamples), nameof(OutsideSamples.AnyType));
        GenericInstanceMethod instance = new(generic) { GenericArguments = { generic.GenericParameters[0] } };
        Assert.Equal(
            "The type parameter T stands for no type.",
            Message(() => new Lifter(_pool, _assemblies).LiftMethod(instance)));
        var shape = Find(typeof(Shape<>), nameof(Shape<>.Scaled)).DeclaringType;
        instance = new(generic) { GenericArguments = { shape.GenericParameters[0] } };
        Assert.Equal(
            "The type parameter TScale stands for no type.",
            Message(() => new Lifter(_pool, _assemblies).LiftMethod(instance)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 4)]
    [InlineData(5, null)]
    public void One_way_of_a_switch_is_gone_where_the_number_is_known(int kind, int? result)
    {
        var call = Lift(
            typeof(FlowSamples), nameof(FlowSamples.Exhausted),
            ("kind", Lifter.OfScalar(_pool.BitVec((ulong)kind, 8))));
        Assert.Equal(result, (int?)call.Result?.Scalar!.Value);
        Assert.Equal(result is null, call.Fails(_pool).IsTrue);
        Assert.Equal(result is null ? 1 : 0, call.Obligations.Count);
    }

    [Fact]
    public void As_many_steps_are_taken_as_are_permitted()
    {
        int steps = Lift(typeof(FlowSamples), nameof(FlowSamples.FixedLoop)).Steps;
        var loop = Find(typeof(FlowSamples), nameof(FlowSamples.FixedLoop));
        Assert.Equal(steps, Limited(steps).Steps);
        Assert.EndsWith(
            $", more than {steps - 1} instructions were executed.",
            Message(() => Limited(steps - 1)),
            StringComparison.Ordinal);

        LiftedCall Limited(int limit) => new Lifter(_pool, _assemblies, new() { StepLimit = limit }).LiftMethod(loop);
    }

    [Fact]
    public void Calls_are_nested_two_hundred_deep_and_no_deeper()
    {
        Assert.NotNull(Weight(199).Result);
        Assert.EndsWith(
            ", calls are nested too deep here.", Message(() => Weight(200)), StringComparison.Ordinal);

        LiftedCall Weight(ulong depth) => Lift(
            typeof(FlowSamples), "Weight", ("bits", Lifter.OfScalar(_pool.BitVec(depth, 32))));
    }

    private LiftedCall Lift(Type type, string name, params (string Parameter, LiftedValue Value)[] given) =>
        new Lifter(_pool, _assemblies).LiftMethod(Find(type, name), given);

    private MethodDefinition Find(Type type, string name) => _assemblies.Find(type.GetMethod(
        name, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance)!);

    private static string Message(Func<object?> action) => Assert.Throws<LiftingException>(action).Message;
}
