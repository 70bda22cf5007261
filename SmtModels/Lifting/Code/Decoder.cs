using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.SmtModels.Lifting;

/// <summary>Reads the instructions of a method.</summary>
internal static class Decoder
{
    public static List<Operation> Decode(MethodDefinition method)
    {
        var instructions = method.Body.Instructions;
        Dictionary<Instruction, int> indices = [];
        for (int index = 0; index < instructions.Count; index++)
        {
            indices.Add(instructions[index], index);
        }

        List<Operation> operations = [];
        foreach (var instruction in instructions)
        {
            var constraint = instruction.Previous?.OpCode.Code == Code.Constrained
                ? (TypeReference)instruction.Previous.Operand
                : null;
            operations.Add(Decode(method, instruction, indices, constraint));
        }

        return operations;
    }

    private static Operation Decode(
        MethodDefinition method,
        Instruction instruction,
        Dictionary<Instruction, int> indices,
        TypeReference? constraint)
    {
        var code = instruction.OpCode.Code;
        int offset = instruction.Offset;
        var text = TextOf(instruction);
        return code switch
        {
            >= Code.Ldarg_0 and <= Code.Ldarg_3 => new(Code.Ldarg, offset, text) { Index = code - Code.Ldarg_0 },
            >= Code.Ldloc_0 and <= Code.Ldloc_3 => new(Code.Ldloc, offset, text) { Index = code - Code.Ldloc_0 },
            >= Code.Stloc_0 and <= Code.Stloc_3 => new(Code.Stloc, offset, text) { Index = code - Code.Stloc_0 },
            >= Code.Ldc_I4_M1 and <= Code.Ldc_I4_8 =>
                new(Code.Ldc_I4, offset, text) { Constant = code - Code.Ldc_I4_0 },
            Code.Ldc_I4_S => new(Code.Ldc_I4, offset, text) { Constant = (sbyte)instruction.Operand },
            Code.Ldc_I4 => new(Code.Ldc_I4, offset, text) { Constant = (int)instruction.Operand },
            Code.Ldc_I8 => new(Code.Ldc_I8, offset, text) { Constant = (long)instruction.Operand },
            Code.Switch => new(code, offset, text)
            {
                Targets = [.. ((Instruction[])instruction.Operand).Select(target => indices[target])],
            },
            _ => instruction.Operand switch
            {
                ParameterDefinition parameter => new(LongForm(code), offset, text)
                {
                    // The index of "this" is -1.
                    Index = parameter.Index + (method.HasThis ? 1 : 0),
                },
                VariableDefinition variable => new(LongForm(code), offset, text) { Index = variable.Index },
                Instruction target => new(LongForm(code), offset, text)
                {
                    Index = indices[target],
                    Targets = [indices[target]],
                },
                var operand => new(LongForm(code), offset, text) { Reference = operand, Constraint = constraint },
            },
        };
    }

    private static Code LongForm(Code code) => code switch
    {
        Code.Ldarg_S => Code.Ldarg,
        Code.Ldarga_S => Code.Ldarga,
        Code.Starg_S => Code.Starg,
        Code.Ldloc_S => Code.Ldloc,
        Code.Ldloca_S => Code.Ldloca,
        Code.Stloc_S => Code.Stloc,
        >= Code.Br_S and <= Code.Blt_Un_S => code - Code.Br_S + Code.Br,
        _ => code,
    };

    private static string TextOf(Instruction instruction) => instruction.Operand switch
    {
        null => instruction.OpCode.Name,
        Instruction target => $"{instruction.OpCode.Name} IL_{target.Offset:x4}",
        Instruction[] => instruction.OpCode.Name,
        MemberReference member => $"{instruction.OpCode.Name} {member.FullName}",
        var operand => $"{instruction.OpCode.Name} {operand}",
    };
}
