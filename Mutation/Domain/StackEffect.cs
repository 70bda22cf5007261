using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>What one instruction takes from the evaluation stack and leaves on it.</summary>
/// <param name="Taken">The kinds that it wants, the topmost last; null where any will do.</param>
/// <param name="Left">The kinds of what it leaves, the topmost last.</param>
/// <param name="EmptiesStack">Whether everything else on the stack is dropped.</param>
internal readonly record struct StackEffect(
    IReadOnlyList<StackKind?> Taken, IReadOnlyList<StackKind> Left, bool EmptiesStack = false)
{
    /// <summary>The effect of an instruction that finds <paramref name="stack"/>.</summary>
    public static StackEffect Of(MethodBody body, Instruction instruction, IReadOnlyList<StackSlot> stack)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Ldarg:
                return Leaving(StackKinds.Of(((ParameterDefinition)instruction.Operand).ParameterType));
            case Code.Ldloc:
                return Leaving(StackKinds.Of(((VariableDefinition)instruction.Operand).VariableType));
            case Code.Starg:
                return Taking(StackKinds.Of(((ParameterDefinition)instruction.Operand).ParameterType));
            case Code.Stloc:
                return Taking(StackKinds.Of(((VariableDefinition)instruction.Operand).VariableType));
            case Code.Ldfld:
                return new([null], [KindOf((FieldReference)instruction.Operand)]);
            case Code.Stfld:
                return Taking(null, KindOf((FieldReference)instruction.Operand));
            case Code.Ldsfld:
                return Leaving(KindOf((FieldReference)instruction.Operand));
            case Code.Stsfld:
                return Taking(KindOf((FieldReference)instruction.Operand));
            case Code.Call or Code.Callvirt or Code.Newobj:
                return OfCall(instruction);
            case Code.Ret:
                return OfReturn(body.Method);
            case Code.Dup:
                return new([null], [KindAt(stack, 1), KindAt(stack, 1)]);
            case Code.Ldobj or Code.Unbox_Any:
                return new([null], [StackKinds.Of((TypeReference)instruction.Operand)]);
            case Code.Stobj:
                return Taking(null, StackKinds.Of((TypeReference)instruction.Operand));
            case Code.Stind_I8:
                return Taking(null, StackKind.Int64);
            case Code.Stind_I1 or Code.Stind_I2 or Code.Stind_I4:
                return Taking(null, StackKind.Int32);
            case Code.Isinst:
                return new([null], [StackKind.Object]);
            case Code.Ldelem_Any:
                return new([null, null], [StackKinds.Of((TypeReference)instruction.Operand)]);
            case Code.Leave or Code.Endfinally:
                return new([], [], EmptiesStack: true);
            default:
                return OfArithmetic(instruction, stack) ?? OfBehaviour(instruction);
        }
    }

    private static StackEffect? OfArithmetic(Instruction instruction, IReadOnlyList<StackSlot> stack)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.And or Code.Or or Code.Xor or Code.Mul or Code.Div or Code.Div_Un or Code.Rem or Code.Rem_Un:
                var kind = KindAt(stack, 2);
                return new([kind, kind], [kind]);
            case Code.Add or Code.Sub:
                // Pointers and native integers may meet integers of other kinds here.
                var (left, right) = (KindAt(stack, 2), KindAt(stack, 1));
                bool alike = left is StackKind.Int32 or StackKind.Int64 && right is StackKind.Int32 or StackKind.Int64;
                return alike ? new([left, left], [left]) : new([null, null], [left]);
            case Code.Shl or Code.Shr or Code.Shr_Un:
                return new([KindAt(stack, 2), StackKind.Int32], [KindAt(stack, 2)]);
            case Code.Not or Code.Neg:
                return new([KindAt(stack, 1)], [KindAt(stack, 1)]);
            case Code.Ceq or Code.Cgt or Code.Cgt_Un or Code.Clt or Code.Clt_Un:
                return new([KindAt(stack, 2), KindAt(stack, 2)], [StackKind.Int32]);
            case Code.Beq or Code.Bne_Un or Code.Blt or Code.Blt_Un or Code.Ble or Code.Ble_Un
                or Code.Bgt or Code.Bgt_Un or Code.Bge or Code.Bge_Un:
                return Taking(KindAt(stack, 2), KindAt(stack, 2));
            default:
                return null;
        }
    }

    // Everything else says in its code what it does to the stack.
    private static StackEffect OfBehaviour(Instruction instruction)
    {
        int taken = instruction.OpCode.StackBehaviourPop switch
        {
            StackBehaviour.Pop0 => 0,
            StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
            StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi
                or StackBehaviour.Popi_popi8 or StackBehaviour.Popi_popr4 or StackBehaviour.Popi_popr8
                or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi => 2,
            StackBehaviour.Popi_popi_popi or StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8
                or StackBehaviour.Popref_popi_popr4 or StackBehaviour.Popref_popi_popr8
                or StackBehaviour.Popref_popi_popref => 3,
            _ => throw new InvalidProgramException($"What {instruction} takes from the stack is not known."),
        };
        IReadOnlyList<StackKind> left = instruction.OpCode.StackBehaviourPush switch
        {
            StackBehaviour.Push0 => [],
            StackBehaviour.Pushi8 => [StackKind.Int64],
            StackBehaviour.Pushr4 or StackBehaviour.Pushr8 => [StackKind.Float],
            StackBehaviour.Pushref => [StackKind.Object],
            StackBehaviour.Pushi => [PushedAddressOf(instruction)],
            _ => throw new InvalidProgramException($"What {instruction} leaves on the stack is not known."),
        };
        return new(new StackKind?[taken], left);
    }

    // The codes tell 32-bit integers, native ones and addresses by one word.
    private static StackKind PushedAddressOf(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Ldarga or Code.Ldloca or Code.Ldflda or Code.Ldsflda or Code.Ldelema or Code.Unbox => StackKind.Reference,
        Code.Conv_I or Code.Conv_U or Code.Conv_Ovf_I or Code.Conv_Ovf_U or Code.Conv_Ovf_I_Un or Code.Conv_Ovf_U_Un
            or Code.Ldind_I or Code.Ldelem_I or Code.Ldlen or Code.Ldftn or Code.Ldvirtftn or Code.Localloc =>
            StackKind.Native,
        Code.Ldtoken => StackKind.Value,
        _ => StackKind.Int32,
    };

    private static StackEffect OfCall(Instruction instruction)
    {
        var method = (MethodReference)instruction.Operand;
        bool makes = instruction.OpCode.Code == Code.Newobj;
        var taken = method.Parameters
            .Select(parameter => (StackKind?)StackKinds.Of(StackKinds.In(method, parameter.ParameterType)));
        if (method.HasThis && !makes)
        {
            taken = taken.Prepend(null);
        }

        if (makes)
        {
            return new([.. taken], [method.DeclaringType.IsValueType ? StackKind.Value : StackKind.Object]);
        }

        var result = StackKinds.In(method, method.ReturnType);
        return new([.. taken], result.MetadataType == MetadataType.Void ? [] : [StackKinds.Of(result)]);
    }

    private static StackEffect OfReturn(MethodDefinition method) =>
        method.ReturnType.MetadataType == MetadataType.Void ? new([], []) : Taking(StackKinds.Of(method.ReturnType));

    private static StackKind KindOf(FieldReference field) =>
        StackKinds.Of(StackKinds.In(field, field.FieldType));

    private static StackKind KindAt(IReadOnlyList<StackSlot> stack, int fromTop) =>
        stack.Count < fromTop ? StackKind.Value : stack[^fromTop].Kind;

    private static StackEffect Leaving(StackKind kind) => new([], [kind]);

    private static StackEffect Taking(params StackKind?[] kinds) => new(kinds, []);
}
