using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>AND, OR and XOR, one for the other.</summary>
internal sealed class LogicMutator : Mutator
{
    private static readonly OpCode[] Operations = [OpCodes.And, OpCodes.Or, OpCodes.Xor];

    /// <inheritdoc/>
    public override string Name => "and, or, xor";

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site) =>
        site.Code is not (Code.And or Code.Or or Code.Xor) || Idiom.IsAmountMask(site.Flow, site.Instruction)
            ? []
            : Operations.Where(other => other.Code != site.Code).Select(other => site.Become(
                $"{site.Operand(0)} {ExpressionText.SignOf(other.Code)} {site.Operand(1)}",
                Instruction.Create(other)));
}
