using PageProof.SmtModels.Lifting;
using PageProof.Tests.SmtModels.Lifting.Samples;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>
/// How much work a method makes: ways that part are joined again, and what they have in common is said
/// once. A proof takes the longer the more terms there are.
/// </summary>
[InLane("lifting")]
public sealed class CostTests(LiftedAssemblies assemblies) : IClassFixture<LiftedAssemblies>
{
    public static TheoryData<Type, string, int, int, int> Costs => new()
    {
        { typeof(FlowSamples), nameof(FlowSamples.Chain), 34, 29, 0 },
        { typeof(FlowSamples), nameof(FlowSamples.Dense), 26, 28, 0 },
        { typeof(FlowSamples), nameof(FlowSamples.Sparse), 36, 33, 0 },
        { typeof(FlowSamples), nameof(FlowSamples.Exhausted), 19, 12, 1 },
        { typeof(FlowSamples), nameof(FlowSamples.Shared), 25, 8, 0 },
        { typeof(FlowSamples), nameof(FlowSamples.FixedLoop), 1308, 298, 0 },
        { typeof(FlowSamples), nameof(FlowSamples.EarlyEnd), 1160, 259, 0 },
        { typeof(FlowSamples), nameof(FlowSamples.OpenLoop), 839, 392, 1 },
        { typeof(FlowSamples), nameof(FlowSamples.Nested), 1117, 281, 0 },
        { typeof(FlowSamples), nameof(FlowSamples.DoWhile), 147, 73, 0 },
        { typeof(FlowSamples), nameof(FlowSamples.DoWhileBelow), 57, 18, 0 },
        { typeof(FlowSamples), nameof(FlowSamples.DependentCount), 235, 97, 0 },
        { typeof(FlowSamples), nameof(FlowSamples.Recursive), 136, 35, 0 },
        { typeof(ArraySamples), nameof(ArraySamples.InlineRead), 243, 33, 1 },
        { typeof(ArraySamples), nameof(ArraySamples.InlineWrite), 233, 77, 0 },
        { typeof(ArraySamples), nameof(ArraySamples.ArrayRead), 35, 20, 1 },
        { typeof(ArraySamples), nameof(ArraySamples.OneOfTwoArrays), 60, 37, 2 },
        { typeof(ArraySamples), nameof(ArraySamples.ChosenElement), 114, 56, 0 },
        { typeof(ArraySamples), nameof(ArraySamples.Kept), 33, 44, 1 },
        { typeof(ArraySamples), nameof(ArraySamples.PartlyChecked), 26, 26, 2 },
        { typeof(ArraySamples), nameof(ArraySamples.ThreeWays), 39, 31, 0 },
        { typeof(ArraySamples), nameof(ArraySamples.OfDifferentDepths), 178, 87, 1 },
        { typeof(ArraySamples), nameof(ArraySamples.OfDifferentRoots), 62, 74, 0 },
        { typeof(ArraySamples), nameof(ArraySamples.AfterJoin), 46, 31, 1 },
        { typeof(StructureSamples), nameof(StructureSamples.Referred), 31, 15, 0 },
        { typeof(MemorySamples), nameof(MemorySamples.Followed), 179, 32, 0 },
        { typeof(MemorySamples), nameof(MemorySamples.Marked), 51, 25, 0 },
        { typeof(MemorySamples), nameof(MemorySamples.Looped), 358, 49, 0 },
    };

    [Theory]
    [MemberData(nameof(Costs))]
    public void It_is_no_more_than_this(Type type, string name, int steps, int terms, int obligations)
    {
        var method = assemblies.Samples.Find(type.GetMethod(name)!);
        var call = new Lifter(new(), assemblies.Samples).LiftMethod(method);
        FlatProgram program = new(
        [
            .. call.Result!.Leaves.Select(leaf => leaf.Term),
            .. call.Obligations.Select(one => one.Holds),
        ]);
        Assert.Equal((steps, terms, obligations), (call.Steps, program.Count, call.Obligations.Count));
    }
}
