using System.Runtime.CompilerServices;
using Mono.Cecil.Cil;
using PageProof.Tests.SmtModels.Lifting.Samples;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>Instructions that compilers seldom write are what their terms say, too.</summary>
[InLane("lifting")]
public sealed class UncommonCodeTests(UncommonCodeTests.Uncommon uncommon) : IClassFixture<UncommonCodeTests.Uncommon>
{
    // Each is of a method with two integers for its parameters, and one for its result.
    private static readonly Dictionary<string, Action<ILProcessor>> Codes = new()
    {
        ["prefixes"] = il => il.Then(OpCodes.Nop).ThenAddress(0).Then(OpCodes.Volatile).Then(OpCodes.Ldind_I4)
            .ThenAddress(1).Then(OpCodes.Unaligned, (byte)1).Then(OpCodes.Ldind_I4).Then(OpCodes.Sub)
            .Then(OpCodes.Starg, il.Body.Method.Parameters[0])
            .Then(OpCodes.Ldc_I4_1).Then(OpCodes.Newarr, typeof(int)).Then(OpCodes.Ldc_I4_0)
            .Then(OpCodes.Readonly).Then(OpCodes.Ldelema, typeof(int)).Then(OpCodes.Ldind_I4)
            .Then(OpCodes.Ldarg_0).Then(OpCodes.Add),
        ["tail"] = il => il.Then(OpCodes.Ldarg_0).Then(OpCodes.Ldarg_1).Then(OpCodes.Tail)
            .ThenCall(typeof(FlowSamples), nameof(FlowSamples.Chain), 2),
        ["pointer as integer"] = il => il.ThenAddress(0).Then(OpCodes.Conv_U).Then(OpCodes.Conv_I)
            .Then(OpCodes.Ldind_I4).Then(OpCodes.Ldarg_1).Then(OpCodes.Sub),
        ["reference in a local"] = il => Local(il, typeof(int).MakeByRefType())
            .ThenAddress(1).Then(OpCodes.Stloc_0).Then(OpCodes.Ldloc_0).Then(OpCodes.Ldarg_0).Then(OpCodes.Stind_I4)
            .Then(OpCodes.Ldarg_1),
        ["object by reference"] = il => Local(il, typeof(object))
            .Then(OpCodes.Ldloca, il.Body.Variables[0]).Then(OpCodes.Ldarg_0).Then(OpCodes.Box, typeof(int))
            .Then(OpCodes.Stind_Ref)
            .Then(OpCodes.Ldloca, il.Body.Variables[0]).Then(OpCodes.Ldind_Ref).Then(OpCodes.Unbox_Any, typeof(int)),
        ["copied object"] = il => Local(Local(il, typeof(Point)), typeof(Point))
            .Then(OpCodes.Ldloca, il.Body.Variables[0]).Then(OpCodes.Ldarg_0).Then(OpCodes.Ldarg_1)
            .Then(OpCodes.Call, typeof(Point).GetConstructor([typeof(int), typeof(int)]))
            .Then(OpCodes.Ldloca, il.Body.Variables[1]).Then(OpCodes.Ldloca, il.Body.Variables[0])
            .Then(OpCodes.Cpobj, typeof(Point))
            .Then(OpCodes.Ldloca, il.Body.Variables[1]).ThenCall(typeof(Point), "get_Y", 0),
        ["is of its type"] = il => Told(Boxed(il).Then(OpCodes.Isinst, typeof(int))),
        ["is of another type"] = il => Told(Boxed(il).Then(OpCodes.Isinst, typeof(long))),
        ["types are told apart"] = il => Type(Type(il, typeof(int)), typeof(long)).Then(OpCodes.Ceq)
            .Then(OpCodes.Ldc_I4_2).Then(OpCodes.Mul)
            .Then(OpCodes.Ldarg_0).Then(OpCodes.Add),
        ["null is null"] = il => il.Then(OpCodes.Ldnull).Then(OpCodes.Ldnull).Then(OpCodes.Ceq)
            .Then(OpCodes.Ldc_I4_2).Then(OpCodes.Mul)
            .Then(OpCodes.Ldarg_0).Then(OpCodes.Box, typeof(int)).Then(OpCodes.Ldnull).Then(OpCodes.Cgt_Un)
            .Then(OpCodes.Add)
            .Then(OpCodes.Ldnull).Then(OpCodes.Ldarg_0).Then(OpCodes.Box, typeof(int)).Then(OpCodes.Ceq)
            .Then(OpCodes.Sub),
        ["text of a sealed type"] = il => il.Then(OpCodes.Ldstr, "one").ThenCall(typeof(string), nameof(ToString), 0)
            .Then(OpCodes.Pop).Then(OpCodes.Ldarg_0),
        ["size"] = il => il.Then(OpCodes.Sizeof, typeof(Line)).Then(OpCodes.Ldarg_0).Then(OpCodes.Add),
        ["two objects"] = il => Either(
            il.Then(OpCodes.Ldarg_0), il.Create(OpCodes.Ldstr, "one"), il.Create(OpCodes.Ldnull))
            .Then(OpCodes.Pop).Then(OpCodes.Ldarg_1),
        ["null or a place"] = il => Either(il.Then(OpCodes.Ldarg_0), Address(il, 1), il.Create(OpCodes.Ldnull))
            .ThenCall(typeof(Unsafe), nameof(Unsafe.IsNullRef), 1, typeof(int)),
        ["read of null or a place"] = il =>
            Either(il.Then(OpCodes.Ldarg_0), Address(il, 1), il.Create(OpCodes.Ldnull)).Then(OpCodes.Ldind_I4),
        ["pointer to a place"] = il => il.ThenAddress(0)
            .ThenCall(typeof(Unsafe), nameof(Unsafe.AsPointer), 1, typeof(int)).Then(OpCodes.Ldind_I4),
        ["large array"] = il => il.Then(OpCodes.Ldc_I4, 65_536).Then(OpCodes.Newarr, typeof(byte))
            .Then(OpCodes.Ldlen).Then(OpCodes.Conv_I4).Then(OpCodes.Ldarg_0).Then(OpCodes.Sub),
        ["switch without targets"] = il => il.Then(OpCodes.Ldarg_0).Then(OpCodes.Switch, Array.Empty<Instruction>())
            .Then(OpCodes.Ldarg_1),
    };

    public static TheoryData<string> Names => [.. Codes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_what_its_terms_say(string name)
    {
        Differential differential = new(uncommon.Made.Method(name), uncommon.Made.Assemblies);
        var difference = differential.Difference(Differential.Cases);
        Assert.True(difference is null, difference);
    }

    private static ILProcessor Boxed(ILProcessor il) => il.Then(OpCodes.Ldarg_0).Then(OpCodes.Box, typeof(int));

    private static ILProcessor Type(ILProcessor il, Type type) => il.Then(OpCodes.Ldtoken, type)
        .ThenCall(typeof(Type), nameof(System.Type.GetTypeFromHandle), 1);

    private static ILProcessor Told(ILProcessor il) =>
        Either(il, il.Create(OpCodes.Ldarg_1), il.Create(OpCodes.Ldc_I4_7));

    /// <summary>One instruction or the other, by whether what is on the stack is there.</summary>
    private static ILProcessor Either(ILProcessor il, Instruction one, Instruction other)
    {
        var join = il.Create(OpCodes.Nop);
        il.Then(OpCodes.Brtrue, one);
        il.Append(other);
        il.Then(OpCodes.Br, join);
        il.Append(one);
        il.Append(join);
        return il;
    }

    private static Instruction Address(ILProcessor il, int parameter) =>
        il.Create(OpCodes.Ldarga, il.Body.Method.Parameters[parameter]);

    private static ILProcessor Local(ILProcessor il, Type type)
    {
        il.Body.InitLocals = true;
        il.Body.Variables.Add(new(il.Body.Method.Module.ImportReference(type)));
        return il;
    }

    /// <summary>All of these methods in one assembly.</summary>
    public sealed class Uncommon : IDisposable
    {
        internal HandMade Made { get; } = new(Codes.Select(code =>
            new HandMadeMethod(code.Key, typeof(int), [typeof(int), typeof(int)], code.Value)));

        public void Dispose() => Made.Dispose();
    }
}
