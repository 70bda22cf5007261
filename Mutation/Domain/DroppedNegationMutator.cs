using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>A complement or a negation that is not taken.</summary>
internal sealed class DroppedNegationMutator : Mutator
{
    /// <inheritdoc/>
    public override string Name => "dropped negation";

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site)
    {
        if (site.Code is Code.Not or Code.Neg)
        {
            yield return site.Become(site.Operand(0));
        }
        else if (Idiom.IsNegation(site.Flow, site.Instruction) && ComparisonMutator.NegatedBy(site) is null
            && Idiom.ConstantIn(site.Flow, site.Operands[1]) is { OpCode.Code: Code.Ldc_I4 } zero)
        {
            yield return site.BecomeAt(
                site.Instruction, site.Operand(0), new(zero), new(site.Instruction));
        }
    }
}
