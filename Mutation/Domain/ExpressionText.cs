using System.Globalization;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>
/// Writes what an instruction computes the way its source might have, for people to read. A value that
/// comes from several places shows them all, and what is too deep is left out.
/// </summary>
internal sealed class ExpressionText(MethodBody body, StackFlow flow)
{
    private const int DepthMax = 9;
    private const string Omitted = "…";
    private const ulong HexadecimalMin = 256;

    private readonly Dictionary<Instruction, string> _instead = [];

    /// <summary>What the instruction computes or does.</summary>
    public string Of(Instruction instruction) => Of(instruction, 0);

    /// <summary>The same, with another text in the place of one instruction.</summary>
    public string Of(Instruction instruction, Instruction changed, string text)
    {
        _instead[changed] = text;
        string result = Of(instruction, 0);
        _instead.Remove(changed);
        return result;
    }

    /// <summary>One operand, in brackets where another operation would otherwise tear it apart.</summary>
    public string OfOperand(Instruction instruction, int index) => Operand(instruction, index, 0);

    /// <summary>One operand as it stands alone.</summary>
    public string OfWhole(Instruction instruction, int index) => Bare(instruction, index, 0);

    /// <summary>A constant: small numbers as such, wide ones by their digits of four bits.</summary>
    public static string OfConstant(long value, bool wide)
    {
        ulong bits = wide ? (ulong)value : (uint)value;
        return value is > -(long)HexadecimalMin and < (long)HexadecimalMin
            ? value.ToString(CultureInfo.InvariantCulture) : $"0x{bits:X}";
    }

    /// <summary>How the operation of two operands is written, or null when it is no such operation.</summary>
    public static string? SignOf(Code code) => code switch
    {
        Code.And => "&",
        Code.Or => "|",
        Code.Xor => "^",
        Code.Add => "+",
        Code.Sub => "-",
        Code.Mul => "*",
        Code.Div or Code.Div_Un => "/",
        Code.Rem or Code.Rem_Un => "%",
        Code.Shl => "<<",
        Code.Shr => ">>",
        Code.Shr_Un => ">>>",
        _ => Comparison.Of(code)?.Sign,
    };

    private string Of(Instruction instruction, int depth)
    {
        if (_instead.TryGetValue(instruction, out string? instead))
        {
            return instead;
        }

        if (depth > DepthMax)
        {
            return Omitted;
        }

        if (Idiom.IsNegation(flow, instruction))
        {
            return Negation(instruction, depth);
        }

        if (Idiom.IsAmountMask(flow, instruction))
        {
            return Bare(instruction, 0, depth);
        }

        if (SignOf(instruction.OpCode.Code) is { } known)
        {
            string sign = Idiom.IsNotZero(flow, instruction) ? "!=" : known;
            string text = $"{Operand(instruction, 0, depth)} {sign} {Operand(instruction, 1, depth)}";
            return instruction.Operand is Instruction ? $"if ({text})" : text;
        }

        return instruction.OpCode.Code switch
        {
            Code.Ldc_I4 => OfConstant((int)instruction.Operand, wide: false),
            Code.Ldc_I8 => OfConstant((long)instruction.Operand, wide: true),
            Code.Ldloc or Code.Ldloca => NameOf((VariableDefinition)instruction.Operand),
            Code.Ldarg or Code.Ldarga => NameOf((ParameterDefinition)instruction.Operand),
            Code.Ldfld or Code.Ldflda => Member(instruction, depth),
            Code.Not => $"~{Operand(instruction, 0, depth)}",
            Code.Neg => $"-{Operand(instruction, 0, depth)}",
            Code.Call or Code.Callvirt or Code.Newobj => Call(instruction, depth),
            Code.Stloc => $"{NameOf((VariableDefinition)instruction.Operand)} = {Bare(instruction, 0, depth)}",
            Code.Starg => $"{NameOf((ParameterDefinition)instruction.Operand)} = {Bare(instruction, 0, depth)}",
            Code.Stfld => $"{Member(instruction, depth)} = {Bare(instruction, 1, depth)}",
            Code.Ret when flow.OperandsOf(instruction).Count == 0 => "return",
            Code.Ret => $"return {Bare(instruction, 0, depth)}",
            Code.Brtrue => $"if ({Bare(instruction, 0, depth)})",
            Code.Brfalse => $"if (!{Operand(instruction, 0, depth)})",
            _ => Other(instruction, depth),
        };
    }

    private string Negation(Instruction instruction, int depth) =>
        flow.OperandsOf(instruction)[0].Producer is { } negated && !_instead.ContainsKey(negated)
        && Comparison.Of(negated.OpCode.Code) is { } comparison
        && !Idiom.IsNotZero(flow, negated) && !Idiom.IsNegation(flow, negated)
            ? $"{Operand(negated, 0, depth)} {comparison.Negated.Sign} {Operand(negated, 1, depth)}"
            : $"!{Operand(instruction, 0, depth)}";

    // Conversions, and reads and writes through a reference, only pass on what they are given.
    private string Other(Instruction instruction, int depth) => flow.OperandsOf(instruction).Count switch
    {
        1 => Bare(instruction, 0, depth),
        2 => $"{Bare(instruction, 0, depth)} = {Bare(instruction, 1, depth)}",
        _ => Omitted,
    };

    private string Call(Instruction instruction, int depth)
    {
        var method = (MethodReference)instruction.Operand;
        int count = flow.OperandsOf(instruction).Count;
        var operands = Enumerable.Range(0, count).Select(index => Bare(instruction, index, depth)).ToList();
        string made = $"new {Plain(method.DeclaringType.Name)}";
        if (instruction.OpCode.Code == Code.Newobj)
        {
            return $"{made}({string.Join(", ", operands)})";
        }

        if (method.Name == ".ctor")
        {
            return $"{operands[0]} = {made}({string.Join(", ", operands.Skip(1))})";
        }

        string owner = "";
        if (method.HasThis && operands.Count > 0)
        {
            owner = operands[0] == "this" ? "" : Operand(instruction, 0, depth) + ".";
            operands.RemoveAt(0);
        }

        const string Getter = "get_";
        bool isProperty = method.Name.StartsWith(Getter, StringComparison.Ordinal) && count == 1;
        if (isProperty && !method.HasThis)
        {
            // One of an extension.
            owner = Operand(instruction, 0, depth) + ".";
        }

        return isProperty
            ? owner + method.Name[Getter.Length..]
            : $"{owner}{method.Name}({string.Join(", ", operands)})";
    }

    private string Member(Instruction instruction, int depth)
    {
        string owner = Operand(instruction, 0, depth);
        string name = ((FieldReference)instruction.Operand).Name;
        return owner == "this" ? name : $"{owner}.{name}";
    }

    private string Operand(Instruction instruction, int index, int depth)
    {
        string text = Bare(instruction, index, depth);
        return text.Contains(' ') && !IsOneCall(text) ? $"({text})" : text;
    }

    private string Bare(Instruction instruction, int index, int depth)
    {
        var operands = flow.OperandsOf(instruction);
        return index >= operands.Count ? Omitted
            : string.Join(" or ", operands[index].Producers.Select(each => Of(each, depth + 1)).Distinct());
    }

    // "f(a, b)" and "(a + b)" need no brackets of their own; "f(a) + g(b)" does.
    private static bool IsOneCall(string text)
    {
        int open = text.IndexOf('('), depth = 0;
        if (open < 0 || text.AsSpan(0, open).Contains(' '))
        {
            return false;
        }

        for (int index = open; index < text.Length - 1; index++)
        {
            depth += text[index] == '(' ? 1 : text[index] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return false;
            }
        }

        return true;
    }

    // What the compiler keeps aside has no name: if it is stored once, it is what is stored there.
    private string NameOf(VariableDefinition variable)
    {
        if (body.Method.DebugInformation.TryGetName(variable, out string name))
        {
            return name;
        }

        var stores = body.Instructions.Where(each => each.OpCode.Code == Code.Stloc && each.Operand == variable);
        return stores.ToList() switch
        {
            [] => Plain(variable.VariableType.Name),
            [var store] when flow.OperandsOf(store) is [{ Producer: { } stored }] => Of(stored, 0),
            _ => variable.ToString(),
        };
    }

    private static string NameOf(ParameterDefinition parameter) =>
        parameter.Index < 0 ? "this" : parameter.Name;

    private static string Plain(string name) => name.Split('`')[0];
}
