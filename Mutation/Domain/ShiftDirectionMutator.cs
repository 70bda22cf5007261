using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>A shift the other way, or one that takes the sign along where the right one does not.</summary>
internal sealed class ShiftDirectionMutator : Mutator
{
    /// <inheritdoc/>
    public override string Name => "shift direction";

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site)
    {
        OpCode[] others = site.Code switch
        {
            Code.Shl => [OpCodes.Shr_Un],
            Code.Shr_Un => [OpCodes.Shl, OpCodes.Shr],
            Code.Shr => [OpCodes.Shl, OpCodes.Shr_Un],
            _ => [],
        };
        return others.Select(other => site.Become(
            $"{site.Operand(0)} {ExpressionText.SignOf(other.Code)} {site.Operand(1)}", Instruction.Create(other)));
    }
}
