using Mono.Cecil.Cil;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>Each instruction on integers is what its terms say, on operands of each width.</summary>
[InLane("lifting")]
public sealed class InstructionTests(InstructionTests.Instructions instructions)
    : IClassFixture<InstructionTests.Instructions>
{
    private static readonly Dictionary<string, HandMadeMethod> Methods = All().ToDictionary(method => method.Name);

    public static TheoryData<string> Names => [.. Methods.Keys];

    private static OpCode[] Conversions =>
    [
        OpCodes.Conv_I1, OpCodes.Conv_U1, OpCodes.Conv_I2, OpCodes.Conv_U2, OpCodes.Conv_I4, OpCodes.Conv_U4,
        OpCodes.Conv_I8, OpCodes.Conv_U8, OpCodes.Conv_I, OpCodes.Conv_U,
    ];

    private static OpCode[] CheckedConversions =>
    [
        OpCodes.Conv_Ovf_I1, OpCodes.Conv_Ovf_U1, OpCodes.Conv_Ovf_I2, OpCodes.Conv_Ovf_U2, OpCodes.Conv_Ovf_I4,
        OpCodes.Conv_Ovf_U4, OpCodes.Conv_Ovf_I8, OpCodes.Conv_Ovf_U8, OpCodes.Conv_Ovf_I, OpCodes.Conv_Ovf_U,
        OpCodes.Conv_Ovf_I1_Un, OpCodes.Conv_Ovf_U1_Un, OpCodes.Conv_Ovf_I2_Un, OpCodes.Conv_Ovf_U2_Un,
        OpCodes.Conv_Ovf_I4_Un, OpCodes.Conv_Ovf_U4_Un, OpCodes.Conv_Ovf_I8_Un, OpCodes.Conv_Ovf_U8_Un,
        OpCodes.Conv_Ovf_I_Un, OpCodes.Conv_Ovf_U_Un,
    ];

    private static OpCode[] Binary =>
    [
        OpCodes.Add, OpCodes.Sub, OpCodes.Mul, OpCodes.And, OpCodes.Or, OpCodes.Xor,
        OpCodes.Ceq, OpCodes.Cgt, OpCodes.Cgt_Un, OpCodes.Clt, OpCodes.Clt_Un,
    ];

    private static OpCode[] CheckedBinary =>
    [
        OpCodes.Div, OpCodes.Rem, OpCodes.Div_Un, OpCodes.Rem_Un, OpCodes.Add_Ovf, OpCodes.Sub_Ovf, OpCodes.Mul_Ovf,
        OpCodes.Add_Ovf_Un, OpCodes.Sub_Ovf_Un, OpCodes.Mul_Ovf_Un,
    ];

    private static OpCode[] Shifts => [OpCodes.Shl, OpCodes.Shr, OpCodes.Shr_Un];

    private static OpCode[] Branches =>
    [
        OpCodes.Beq, OpCodes.Bne_Un, OpCodes.Bge, OpCodes.Bge_Un, OpCodes.Bgt, OpCodes.Bgt_Un, OpCodes.Ble,
        OpCodes.Ble_Un, OpCodes.Blt, OpCodes.Blt_Un,
    ];

    private static (OpCode Load, OpCode Store, Type Type)[] Places =>
    [
        (OpCodes.Ldind_I1, OpCodes.Stind_I1, typeof(sbyte)), (OpCodes.Ldind_U1, OpCodes.Stind_I1, typeof(byte)),
        (OpCodes.Ldind_I2, OpCodes.Stind_I2, typeof(short)), (OpCodes.Ldind_U2, OpCodes.Stind_I2, typeof(ushort)),
        (OpCodes.Ldind_I4, OpCodes.Stind_I4, typeof(int)), (OpCodes.Ldind_U4, OpCodes.Stind_I4, typeof(uint)),
        (OpCodes.Ldind_I8, OpCodes.Stind_I8, typeof(long)), (OpCodes.Ldind_I, OpCodes.Stind_I, typeof(nint)),
    ];

    private static (OpCode Load, OpCode Store, Type Type)[] Elements =>
    [
        (OpCodes.Ldelem_I1, OpCodes.Stelem_I1, typeof(sbyte)), (OpCodes.Ldelem_U1, OpCodes.Stelem_I1, typeof(byte)),
        (OpCodes.Ldelem_I2, OpCodes.Stelem_I2, typeof(short)), (OpCodes.Ldelem_U2, OpCodes.Stelem_I2, typeof(ushort)),
        (OpCodes.Ldelem_I4, OpCodes.Stelem_I4, typeof(int)), (OpCodes.Ldelem_U4, OpCodes.Stelem_I4, typeof(uint)),
        (OpCodes.Ldelem_I8, OpCodes.Stelem_I8, typeof(long)), (OpCodes.Ldelem_I, OpCodes.Stelem_I, typeof(nint)),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_what_its_terms_say(string name)
    {
        Differential differential = new(instructions.Made.Method(name), instructions.Made.Assemblies);
        var difference = differential.Difference(Differential.Cases);
        Assert.True(difference is null, difference);
    }

    // Where an instruction may throw, it has a method of its own.
    private static IEnumerable<HandMadeMethod> All() =>
    [
        .. from code in CheckedConversions
           from type in (Type[])[typeof(int), typeof(long)]
           select Method($"{code} {type.Name}", [type], [il => il.Then(OpCodes.Ldarg_0).Then(code)]),
        .. from code in CheckedBinary
           from type in (Type[])[typeof(int), typeof(long)]
           select Method($"{code} {type.Name}", [type, type], [il => Both(il).Then(code)]),
        .. from type in (Type[])[typeof(int), typeof(long)]
           from method in (HandMadeMethod[])
           [
               Method($"conversions of {type.Name}", [type], Each(Conversions, il => il.Then(OpCodes.Ldarg_0))),
               Method($"operations on {type.Name}", [type, type], Each(Binary, Both)),
               Method($"shifts of {type.Name}", [type, typeof(int)], Each(Shifts, Both)),
               Method($"native shifts of {type.Name}", [type, typeof(nint)], Each(Shifts, Both)),
               Method($"branches on {type.Name}", [type, type],
                   Branches.Select(code => (Action<ILProcessor>)(il => Choose(Both(il), code)))),
               Method($"truths of {type.Name}", [type],
               [
                   il => Choose(il.Then(OpCodes.Ldarg_0), OpCodes.Brtrue),
                   il => Choose(il.Then(OpCodes.Ldarg_0), OpCodes.Brfalse),
               ]),
           ]
           select method,
        Method("native and 32 bits", [typeof(nint), typeof(int)], Each(Binary, Both)),
        Method("32 bits and native", [typeof(int), typeof(nint)], Each(Binary, Both)),
        .. from place in Places
           select Method(place.Load.Name, [place.Type.MakeByRefType(), typeof(long)],
           [
               il => il.Then(OpCodes.Ldarg_0).Then(OpCodes.Ldarg_0).Then(place.Load).Then(OpCodes.Conv_I8)
                   .Then(OpCodes.Ldarg_1).Then(OpCodes.Add).Then(place.Store)
                   .Then(OpCodes.Ldarg_0).Then(place.Load),
           ]),
        Method("elements", [typeof(long)], Elements.Select(element => (Action<ILProcessor>)(il => il
            .Then(OpCodes.Ldc_I4_3).Then(OpCodes.Newarr, element.Type).Then(OpCodes.Dup)
            .Then(OpCodes.Ldc_I4_1).Then(OpCodes.Ldarg_0).Then(element.Store)
            .Then(OpCodes.Ldc_I4_1).Then(element.Load)))),
    ];

    /// <summary>A method that returns all that the parts leave on the stack, mixed in 64 bits.</summary>
    private static HandMadeMethod Method(string name, Type[] types, IEnumerable<Action<ILProcessor>> parts) => new(
        name, typeof(long), types, il =>
        {
            il.Then(OpCodes.Ldc_I8, 0L);
            foreach (var part in parts)
            {
                il.Then(OpCodes.Ldc_I8, 31L).Then(OpCodes.Mul);
                part(il);
                il.Then(OpCodes.Conv_I8).Then(OpCodes.Add);
            }
        });

    private static IEnumerable<Action<ILProcessor>> Each(OpCode[] codes, Func<ILProcessor, ILProcessor> load) =>
        codes.Select(code => (Action<ILProcessor>)(il => load(il).Then(code)));

    private static ILProcessor Both(ILProcessor il) => il.Then(OpCodes.Ldarg_0).Then(OpCodes.Ldarg_1);

    private static ILProcessor Choose(ILProcessor il, OpCode code)
    {
        var (then, join) = (il.Create(OpCodes.Ldc_I4_7), il.Create(OpCodes.Nop));
        il.Then(code, then).Then(OpCodes.Ldc_I4_3).Then(OpCodes.Br, join);
        il.Append(then);
        il.Append(join);
        return il;
    }

    /// <summary>All of these methods in one assembly.</summary>
    public sealed class Instructions : IDisposable
    {
        internal HandMade Made { get; } = new(Methods.Values);

        public void Dispose() => Made.Dispose();
    }
}
