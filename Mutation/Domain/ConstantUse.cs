using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>What a constant is for, as far as its use tells.</summary>
internal enum ConstantRole
{
    /// <summary>Part of what the compiler made of something else: not a constant that anybody wrote.</summary>
    None,
    /// <summary>True or false.</summary>
    Truth,
    /// <summary>A set of bits.</summary>
    Mask,
    /// <summary>The amount of a shift.</summary>
    Amount,
    /// <summary>A number: of a bit, of a level, of a kind.</summary>
    Number,
}

/// <summary>How a constant is used.</summary>
/// <param name="Role">What for.</param>
/// <param name="Wide">Whether it has 64 bits, else 32.</param>
/// <param name="Value">The constant.</param>
internal readonly record struct ConstantUse(ConstantRole Role, bool Wide, long Value)
{
    /// <summary>The use of the constant at <paramref name="site"/>; no role when there is none.</summary>
    public static ConstantUse At(Site site)
    {
        if (site.Code is not (Code.Ldc_I4 or Code.Ldc_I8))
        {
            return default;
        }

        var flow = site.Flow;
        var carrier = site.Instruction;
        if (flow.ConsumersOf(carrier) is [{ OpCode.Code: Code.Conv_I8 or Code.Conv_U8 } widened])
        {
            carrier = widened;
        }

        bool wide = carrier.OpCode.Code is Code.Ldc_I8 or Code.Conv_I8 or Code.Conv_U8;
        var consumers = flow.ConsumersOf(carrier);
        var role = consumers.Count == 1 ? RoleIn(site, consumers[0], carrier, wide) : ConstantRole.None;
        return new(role, wide, Idiom.ValueOf(site.Instruction));
    }

    private static ConstantRole RoleIn(Site site, Instruction consumer, Instruction carrier, bool wide)
    {
        var flow = site.Flow;
        int index = flow.OperandsOf(consumer).Index()
            .First(slot => slot.Item.Producers.Contains(carrier)).Index;
        if (Idiom.IsNegation(flow, consumer) || Idiom.IsNotZero(flow, consumer) || Idiom.IsAmountMask(flow, consumer))
        {
            return ConstantRole.None;
        }

        return consumer.OpCode.Code switch
        {
            Code.And or Code.Or or Code.Xor or Code.Not => ConstantRole.Mask,
            Code.Shl or Code.Shr or Code.Shr_Un => index == 0 ? ConstantRole.Mask : ConstantRole.Amount,
            Code.Ret => OfType(site.Method.ReturnType, wide),
            Code.Stloc => OfType(((VariableDefinition)consumer.Operand).VariableType, wide),
            Code.Starg => OfType(((ParameterDefinition)consumer.Operand).ParameterType, wide),
            Code.Stfld => OfField((FieldReference)consumer.Operand, wide),
            Code.Stind_I8 => ConstantRole.Mask,
            Code.Call or Code.Callvirt or Code.Newobj => OfArgument((MethodReference)consumer.Operand,
                index - (flow.OperandsOf(consumer).Count - ((MethodReference)consumer.Operand).Parameters.Count), wide),
            Code.Brtrue or Code.Brfalse or Code.Pop or Code.Dup => ConstantRole.None,
            _ => ConstantRole.Number,
        };
    }

    private static ConstantRole OfArgument(MethodReference method, int index, bool wide) =>
        index < 0 || LiftedCode.IsPlumbing(method.DeclaringType)
            ? ConstantRole.None
            : OfType(StackKinds.In(method, method.Parameters[index].ParameterType), wide);

    // A field that is called a mask holds one, whatever its type.
    private static ConstantRole OfField(FieldReference field, bool wide) =>
        field.Name.EndsWith("Mask", StringComparison.Ordinal)
            ? ConstantRole.Mask : OfType(StackKinds.In(field, field.FieldType), wide);

    private static ConstantRole OfType(TypeReference type, bool wide) =>
        StackKinds.IsTruth(type) ? ConstantRole.Truth
        : wide || StackKinds.IsBits(type) ? ConstantRole.Mask
        : ConstantRole.Number;
}
