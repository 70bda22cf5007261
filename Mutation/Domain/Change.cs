using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace PageProof.Mutation.Domain;

/// <summary>One instruction, and what stands in its place; nothing at all is a no-operation.</summary>
internal sealed record Replacement(Instruction Old, params Instruction[] New);

/// <summary>One small change of a method, not yet made.</summary>
/// <param name="At">The instruction at which it happens.</param>
/// <param name="Before">What is written there, in words.</param>
/// <param name="After">What it becomes.</param>
/// <param name="Replacements">How.</param>
internal sealed record Change(Instruction At, string Before, string After, params Replacement[] Replacements)
{
    /// <summary>The variable that the new instructions need beside those of the method, if any.</summary>
    public VariableDefinition? Variable { get; init; }

    /// <summary>Two changes of a method with the same key make the same method.</summary>
    public string Key => string.Join("; ", Replacements.Select(each =>
        $"{each.Old.Offset}: {string.Join(", ", each.New.Select(made => $"{made.OpCode} {made.Operand}"))}"));

    /// <summary>
    /// Makes the change. An old instruction stays as the first of the new ones, so that whatever jumps
    /// to it still does.
    /// </summary>
    /// <exception cref="InvalidProgramException">The method would no longer be one.</exception>
    public void Apply(MethodBody body)
    {
        if (Variable is not null)
        {
            body.Variables.Add(Variable);
            body.InitLocals = true;
        }

        var il = body.GetILProcessor();
        foreach (var (old, made) in Replacements)
        {
            (old.OpCode, old.Operand) = made is [var first, ..] ? (first.OpCode, first.Operand) : (OpCodes.Nop, null);
            var last = old;
            foreach (var next in made.Skip(1))
            {
                il.InsertAfter(last, next);
                last = next;
            }
        }

        _ = StackFlow.Of(body);
        body.OptimizeMacros();
    }
}
