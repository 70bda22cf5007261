using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>
/// An AND, OR or XOR that forgets one side: an accumulator that does not gather, or a mask that is not
/// applied.
/// </summary>
internal sealed class DroppedOperandMutator : Mutator
{
    /// <inheritdoc/>
    public override string Name => "dropped operand";

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site)
    {
        if (site.Code is not (Code.And or Code.Or or Code.Xor) || Idiom.IsAmountMask(site.Flow, site.Instruction))
        {
            yield break;
        }

        yield return site.Become(site.Whole(0), Instruction.Create(OpCodes.Pop));

        // The lower one is reached with the upper one kept aside.
        VariableDefinition aside = new(TypeOf(site));
        yield return site.Become(
            site.Whole(1),
            Instruction.Create(OpCodes.Stloc, aside),
            Instruction.Create(OpCodes.Pop),
            Instruction.Create(OpCodes.Ldloc, aside)) with
        { Variable = aside };
    }

    private static TypeReference TypeOf(Site site)
    {
        var types = site.Method.Module.TypeSystem;
        return site.Operands[0].Kind switch
        {
            StackKind.Int64 => types.Int64,
            StackKind.Native => types.IntPtr,
            _ => types.Int32,
        };
    }
}
