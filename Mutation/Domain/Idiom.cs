using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>
/// What the compiler writes in several instructions for one sign of the source. To change one of them
/// alone would be a mistake that nobody can make.
/// </summary>
internal static class Idiom
{
    /// <summary>The constant that fills the place, with its conversion to 64 bits looked through.</summary>
    public static Instruction? ConstantIn(StackFlow flow, StackSlot slot) => slot.Producer switch
    {
        { OpCode.Code: Code.Ldc_I4 or Code.Ldc_I8 } constant => constant,
        { OpCode.Code: Code.Conv_I8 or Code.Conv_U8 } widened
            when flow.OperandsOf(widened) is [{ Producer.OpCode.Code: Code.Ldc_I4 or Code.Ldc_I8 } inner] =>
            inner.Producer,
        _ => null,
    };

    /// <summary>The value of a constant.</summary>
    public static long ValueOf(Instruction constant) =>
        constant.Operand is int narrow ? narrow : (long)constant.Operand;

    /// <summary><c>x != 0</c>, which is written as x greater than zero, unsigned.</summary>
    public static bool IsNotZero(StackFlow flow, Instruction instruction) =>
        instruction.OpCode.Code == Code.Cgt_Un && HasZeroOnTop(flow, instruction);

    /// <summary><c>!x</c>, and the negation of a comparison: whether a truth equals zero.</summary>
    public static bool IsNegation(StackFlow flow, Instruction instruction) =>
        instruction.OpCode.Code == Code.Ceq && HasZeroOnTop(flow, instruction)
        && IsTruth(flow, flow.OperandsOf(instruction)[0]);

    /// <summary>The mask that keeps the amount of a shift below the width of what is shifted.</summary>
    public static bool IsAmountMask(StackFlow flow, Instruction instruction) =>
        instruction.OpCode.Code == Code.And
        && ConstantIn(flow, flow.OperandsOf(instruction)[1]) is { } constant && ValueOf(constant) is 31 or 63
        && flow.ConsumersOf(instruction) is [{ OpCode.Code: Code.Shl or Code.Shr or Code.Shr_Un } shift]
        && flow.OperandsOf(shift)[1].Producer == instruction;

    /// <summary>Whether a place can hold nothing but true and false.</summary>
    public static bool IsTruth(StackFlow flow, StackSlot slot) => slot.Producers.Count > 0
        && slot.Producers.All(producer => producer.OpCode.Code switch
        {
            Code.Ceq or Code.Cgt or Code.Cgt_Un or Code.Clt or Code.Clt_Un => true,
            Code.Call or Code.Callvirt => StackKinds.IsTruth(((MethodReference)producer.Operand).ReturnType),
            Code.Ldarg => StackKinds.IsTruth(((ParameterDefinition)producer.Operand).ParameterType),
            Code.Ldloc => StackKinds.IsTruth(((VariableDefinition)producer.Operand).VariableType),
            Code.Ldfld => StackKinds.IsTruth(((FieldReference)producer.Operand).FieldType),
            Code.And or Code.Or or Code.Xor => flow.OperandsOf(producer).All(operand => IsTruth(flow, operand)),
            _ => false,
        });

    private static bool HasZeroOnTop(StackFlow flow, Instruction instruction) =>
        ConstantIn(flow, flow.OperandsOf(instruction)[1]) is { } constant && ValueOf(constant) == 0;
}
