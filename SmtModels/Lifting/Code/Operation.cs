using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// An instruction. Its short forms are told apart no longer; operands that are types, fields or methods
/// are looked up when the instruction is first executed, since many never are.
/// </summary>
internal sealed class Operation(Code code, int offset, string text)
{
    public Code Code { get; } = code;

    public int Offset { get; } = offset;

    /// <summary>The instruction as it stands in the method.</summary>
    public string Text { get; } = text;

    /// <summary>The number of an argument or local, or of the instruction to which a branch goes.</summary>
    public int Index { get; init; }

    /// <summary>A constant.</summary>
    public long Constant { get; init; }

    /// <summary>All instructions to which a branch may go, but for the next.</summary>
    public IReadOnlyList<int> Targets { get; init; } = [];

    /// <summary>What is referred to.</summary>
    public object? Reference { get; init; }

    /// <summary>The type on which a call is made, where that is a type parameter.</summary>
    public TypeReference? Constraint { get; init; }

    /// <summary>What the reference means in this method.</summary>
    public object? Resolved { get; set; }

    public bool IsConditional => Code is Code.Brfalse or Code.Brtrue or Code.Switch
        or (>= Code.Beq and <= Code.Blt_Un);
}
