using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>A condition that leads the other way.</summary>
internal sealed class BranchMutator : Mutator
{
    /// <inheritdoc/>
    public override string Name => "inverted branch";

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site)
    {
        if (site.Instruction.Operand is not Instruction target)
        {
            yield break;
        }

        if (site.Code is Code.Brtrue)
        {
            yield return site.Become($"if (!{site.Operand(0)})", Instruction.Create(OpCodes.Brfalse, target));
        }
        else if (site.Code is Code.Brfalse)
        {
            yield return site.Become($"if {Bracketed(site.Operand(0))}", Instruction.Create(OpCodes.Brtrue, target));
        }
        else if (Comparison.Of(site.Code) is { } comparison && site.Operands[0].Kind != StackKind.Float)
        {
            yield return site.Become(
                $"if ({site.Operand(0)} {comparison.Negated.Sign} {site.Operand(1)})",
                Instruction.Create(comparison.Negated.Branch, target));
        }
    }

    private static string Bracketed(string text) => text.StartsWith('(') ? text : $"({text})";
}
