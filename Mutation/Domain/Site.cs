using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>One instruction in its method, as the mutators look at it.</summary>
internal sealed class Site(MethodBody body, StackFlow flow, ExpressionText text, Instruction instruction)
{
    /// <summary>The method.</summary>
    public MethodDefinition Method => body.Method;

    /// <summary>What is on the stack.</summary>
    public StackFlow Flow => flow;

    /// <summary>The instruction.</summary>
    public Instruction Instruction => instruction;

    /// <summary>Its code, never a short form.</summary>
    public Code Code => instruction.OpCode.Code;

    /// <summary>What it takes from the stack.</summary>
    public IReadOnlyList<StackSlot> Operands => flow.OperandsOf(instruction);

    /// <summary>One operand as the source might have written it.</summary>
    public string Operand(int index) => text.OfOperand(instruction, index);

    /// <summary>The same without brackets, for what stands alone.</summary>
    public string Whole(int index) => text.OfWhole(instruction, index);

    /// <summary>One operand of another instruction.</summary>
    public string OperandOf(Instruction other, int index) => text.OfOperand(other, index);

    /// <summary>Another instruction of the same method.</summary>
    public Site At(Instruction other) => new(body, flow, text, other);

    /// <summary>
    /// The change of this instruction into others. It is told with the expression around it, as a bare
    /// <c>3 → 4</c> says little.
    /// </summary>
    /// <param name="after">What it computes then.</param>
    /// <param name="made">The instructions in its place.</param>
    public Change Become(string after, params Instruction[] made) =>
        BecomeAt(instruction, after, new Replacement(instruction, made));

    /// <summary>The change of what <paramref name="at"/> computes, by any replacements.</summary>
    public Change BecomeAt(Instruction at, string after, params Replacement[] replacements)
    {
        var around = Around(at);
        return new(at, text.Of(around), text.Of(around, at, after), replacements);
    }

    /// <summary>The same instruction with another operand.</summary>
    public static Instruction Constant(Instruction old, long value, bool wide) =>
        old.OpCode.Code == Code.Ldc_I4 && value == (int)value ? Instruction.Create(OpCodes.Ldc_I4, (int)value)
        : wide ? Instruction.Create(OpCodes.Ldc_I8, value)
        : Instruction.Create(OpCodes.Ldc_I4, unchecked((int)value));

    // What takes the value, through conversions, as far as that is one instruction.
    private Instruction Around(Instruction at)
    {
        var around = at;
        for (bool more = true; more && flow.ConsumersOf(around) is [var consumer];)
        {
            more = consumer.OpCode.Code is Code.Conv_I8 or Code.Conv_U8 or Code.Conv_I4 or Code.Conv_U4
                or Code.Conv_U1 or Code.Dup || Idiom.IsNegation(flow, consumer);
            around = consumer;
        }

        return around;
    }
}
