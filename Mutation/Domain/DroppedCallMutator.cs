using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>A call that is not made, among those made for their effect, such as the marking of an entry.</summary>
internal sealed class DroppedCallMutator : Mutator
{
    /// <inheritdoc/>
    public override string Name => "dropped call";

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site)
    {
        if (site.Code is not (Code.Call or Code.Callvirt)
            || site.Instruction.Operand is not MethodReference { ReturnType.MetadataType: MetadataType.Void } method
            || method.Name == ".ctor")
        {
            yield break;
        }

        List<Replacement> replacements =
        [
            new(site.Instruction, [.. site.Operands.Select(_ => Instruction.Create(OpCodes.Pop))]),
        ];

        // The prefix of the call goes with it.
        if (site.Instruction.Previous is { OpCode.Code: Code.Constrained } prefix)
        {
            replacements.Add(new(prefix));
        }

        yield return site.BecomeAt(site.Instruction, "nothing", [.. replacements]);
    }
}
