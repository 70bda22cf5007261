using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Mono.Cecil;
using Mono.Cecil.Cil;
using PageProof.SmtModels.Lifting;
using PageProof.Tests.SmtModels.Lifting.Samples;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>Code that no compiler makes is refused in words that say what is wrong with it.</summary>
[InLane("lifting")]
public sealed class RefusedCodeTests(RefusedCodeTests.Refused refused) : IClassFixture<RefusedCodeTests.Refused>
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    // Each is of a method with an integer and a structure for its parameters.
    private static readonly Dictionary<string, Action<ILProcessor>> Codes = new()
    {
        ["it computes with something that is no integer"] = il => il.Then(OpCodes.Ldnull).Then(OpCodes.Neg),
        ["it passes something that is no integer"] = il => il.Then(OpCodes.Ldstr, "one")
            .ThenCall(typeof(BitOperations), nameof(BitOperations.Log2), 1),
        ["it compares references"] = il =>
            il.Then(OpCodes.Ldstr, "one").Then(OpCodes.Ldstr, "other").Then(OpCodes.Ceq),
        ["it asks whether an object is there of which nothing is known"] = il =>
            Branch(il.Then(OpCodes.Ldstr, "one"), OpCodes.Nop, OpCodes.Nop),
        ["Two ways join with different stacks"] = il =>
            Branch(il.Then(OpCodes.Ldarg_0), OpCodes.Ldarg_0, OpCodes.Nop),
        ["Two ways join with values of different types"] = il =>
            Branch(il.Then(OpCodes.Ldarg_0), OpCodes.Ldnull, OpCodes.Ldarg_0),
        ["it is an array of fractions"] = il =>
            il.Then(OpCodes.Ldnull).Then(OpCodes.Ldc_I4_0).Then(OpCodes.Ldelem_R8),
        ["it takes something else for a reference"] = il => il.Then(OpCodes.Ldarg_0).Then(OpCodes.Ldind_I4),
        ["it takes something else for an array"] = il => il.ThenAddress(0).Then(OpCodes.Ldlen),
        ["it takes something else for a row of elements"] = il => il.ThenAddress(0)
            .ThenCall(typeof(MemoryMarshal), nameof(MemoryMarshal.GetArrayDataReference), 1, typeof(int))
            .Then(OpCodes.Ldind_I4),
        ["it makes an array of a size that is not fixed, or too great"] = il =>
            il.Then(OpCodes.Ldc_I4, 65_537).Then(OpCodes.Newarr, typeof(int)),
        ["it makes a block of a size that is not fixed, or too great"] = il =>
        {
            il.Body.InitLocals = true;
            il.Then(OpCodes.Ldc_I4, 524_289).Then(OpCodes.Localloc);
        },
        ["it reads something else as a number of 32 bits"] = il => il.ThenAddress(1).Then(OpCodes.Ldind_I4),
        ["it reads something else as a number of 64 bits"] = il => il.ThenAddress(0).Then(OpCodes.Ldind_I8),
        ["it stores one type over another"] = il =>
            il.ThenAddress(0).Then(OpCodes.Ldc_I8, 1L).Then(OpCodes.Stind_I8),
        ["it takes something else for a value of System.Int32"] = il =>
            il.Then(OpCodes.Ldnull).Then(OpCodes.Starg, il.Body.Method.Parameters[0]),
        [$"it takes a number for a value of {typeof(Line)}"] = il =>
            il.Then(OpCodes.Ldarg_0).Then(OpCodes.Starg, il.Body.Method.Parameters[1]),
        [$"it takes a {typeof(Line)} for a {typeof(Point)}"] = il =>
            il.ThenAddress(1).Then(OpCodes.Ldobj, typeof(Point)),
        ["System.Collections.Generic.List`1<System.Int32> is an object whose fields are not known"] = il =>
            il.Then(OpCodes.Ldnull).Then(OpCodes.Ldflda, typeof(List<int>).GetField("_size", Hidden)),
        ["it takes something else for a structure"] = il =>
            il.Then(OpCodes.Ldarg_0).Then(OpCodes.Ldfld, typeof(Point).GetField("_x", Hidden)),
        [$"{typeof(Point)} has no field absent"] = il =>
            il.Then(OpCodes.Ldarg_1).Then(OpCodes.Ldfld, AbsentOf(il, typeof(Point))),
        ["the field is not to be found"] = il => il.Then(OpCodes.Ldsfld, AbsentOf(il, typeof(Point))),
        ["it goes from a location that is no element to the next"] = il =>
            il.ThenAddress(0).Then(OpCodes.Ldc_I4_1).ThenCall(typeof(Unsafe), nameof(Unsafe.Add), 2, typeof(int)),
        ["it passes something that is no single number"] = il =>
            il.Then(OpCodes.Ldarg_1).ThenCall(typeof(Unsafe), nameof(Unsafe.BitCast), 1, typeof(Line), typeof(long)),
        ["a number of 32 bits is no System.Int64"] = il =>
            il.Then(OpCodes.Ldarg_0).ThenCall(typeof(Unsafe), nameof(Unsafe.BitCast), 1, typeof(int), typeof(long)),
        ["it takes a System.Int32 for a System.Int64"] = il =>
            il.ThenAddress(0).ThenCall(typeof(Unsafe), nameof(Unsafe.As), 1, typeof(int), typeof(long)),
        ["it takes an object for one of another type"] = il =>
            il.Then(OpCodes.Ldstr, "one").ThenCall(typeof(Unsafe), nameof(Unsafe.As), 1, typeof(object)),
        ["it asks for the type of an object"] = il =>
            il.Then(OpCodes.Ldstr, "one").ThenCall(typeof(Type), "get_IsValueType", 0),
        ["it compares values of which that cannot be said"] = il => il.Then(OpCodes.Ldnull)
            .Then(OpCodes.Ldstr, "one").Then(OpCodes.Ldstr, "other")
            .ThenCall(typeof(EqualityComparer<string>), "Equals", 2),
        ["which method that is depends on the object"] = il =>
            il.Then(OpCodes.Ldstr, "one").ThenCall(typeof(object), nameof(ToString), 0),
        ["the constructor is not to be found"] = il =>
            il.Then(OpCodes.Ldarg_0).Then(OpCodes.Newobj, ConstructorOf(il, typeof(Point), typeof(int))),
        ["it makes an object of type System.Object"] = il =>
            il.Then(OpCodes.Newobj, typeof(object).GetConstructor([])),
        ["a span points at nothing that is known"] = il => Span(il)
            .Then(OpCodes.Ldstr, "one").Then(OpCodes.Stfld, typeof(Span<int>).GetField("_reference", Hidden))
            .Then(OpCodes.Ldloc_0)
            .ThenCall(typeof(MemoryMarshal), nameof(MemoryMarshal.GetReference), 1, typeof(int)),
        ["it takes something else for a span"] = il => il.Then(OpCodes.Ldstr, "one")
            .ThenCall(typeof(MemoryMarshal), nameof(MemoryMarshal.GetReference), 1, typeof(int)),
        ["it makes a span in a way that is not known"] = il => Span(il)
            .Then(OpCodes.Ldnull).Then(OpCodes.Call, ConstructorOf(il, typeof(Span<int>), typeof(string))),
        ["it takes something else for a vector"] = il =>
            il.Then(OpCodes.Ldarg_0).ThenCall(typeof(Vector128), nameof(Vector128.Sum), 1, typeof(int)),
        ["System.Math.Sqrt has no body that could be lifted"] = il =>
            il.Then(OpCodes.Ldnull).ThenCall(typeof(Math), nameof(Math.Sqrt), 1),
    };

    public static TheoryData<string> Reasons => [.. Codes.Keys];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void It_is_said_what_is_wrong(string reason)
    {
        var failure = Assert.Throws<LiftingException>(() => refused.Made.Lift(reason));
        Assert.Equal(
            $"Made.{reason} cannot be lifted: at IL_{failure.Offset:x4} ({failure.Instruction}), {reason}.",
            failure.Message);
    }

    private static void Branch(ILProcessor il, OpCode one, OpCode other)
    {
        var (then, join) = (il.Create(one), il.Create(OpCodes.Nop));
        il.Then(OpCodes.Brtrue, then).Then(other).Then(OpCodes.Br, join);
        il.Append(then);
        il.Append(join);
    }

    /// <summary>The address of a local that is a span.</summary>
    private static ILProcessor Span(ILProcessor il)
    {
        VariableDefinition span = new(il.Body.Method.Module.ImportReference(typeof(Span<int>)));
        il.Body.Variables.Add(span);
        return il.Then(OpCodes.Ldloca, span);
    }

    private static FieldReference AbsentOf(ILProcessor il, Type type)
    {
        var module = il.Body.Method.Module;
        return new("absent", module.TypeSystem.Int32, module.ImportReference(type));
    }

    private static MethodReference ConstructorOf(ILProcessor il, Type type, Type parameter)
    {
        var module = il.Body.Method.Module;
        return new(".ctor", module.TypeSystem.Void, module.ImportReference(type))
        {
            HasThis = true,
            Parameters = { new(module.ImportReference(parameter)) },
        };
    }

    /// <summary>All of these methods in one assembly, each named for the reason.</summary>
    public sealed class Refused : IDisposable
    {
        internal HandMade Made { get; } = new(Codes.Select(code =>
            new HandMadeMethod(code.Key, typeof(int), [typeof(int), typeof(Line)], code.Value)));

        public void Dispose() => Made.Dispose();
    }
}
