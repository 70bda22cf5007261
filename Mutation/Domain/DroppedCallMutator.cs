using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>
/// A call that is not made, among those made for their effect: nobody takes what they give, such as the
/// marking of an entry. Some effects have a name of their own, since their absence is what bugs are made of.
/// </summary>
internal sealed class DroppedCallMutator : Mutator
{
    private static readonly string[] FlushVerbs = ["Clear", "Drop", "Empty", "Flush", "Forget", "Invalidate", "Remove"];

    private readonly Func<MethodReference, bool> _isMeant;

    private DroppedCallMutator(string name, Func<MethodReference, bool> isMeant) => (Name, _isMeant) = (name, isMeant);

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>A call by which something cached is dropped.</summary>
    public static DroppedCallMutator OfFlushes { get; } = new("dropped flush", method =>
        FlushVerbs.Any(verb => method.Name.StartsWith(verb, StringComparison.Ordinal)));

    /// <summary>A call that waits for another CPU.</summary>
    public static DroppedCallMutator OfWaits { get; } = new("dropped wait", method =>
        method.Name == "Until" || method.Name.StartsWith("Wait", StringComparison.Ordinal));

    /// <summary>Any call.</summary>
    public static DroppedCallMutator OfAll { get; } = new("dropped call", _ => true);

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site)
    {
        if (site.Code is not (Code.Call or Code.Callvirt)
            || site.Instruction.Operand is not MethodReference method || method.Name == ".ctor" || !_isMeant(method))
        {
            yield break;
        }

        List<Replacement> replacements =
        [
            new(site.Instruction, [.. site.Operands.Select(_ => Instruction.Create(OpCodes.Pop))]),
        ];
        if (method.ReturnType.MetadataType != MetadataType.Void)
        {
            if (site.Flow.ConsumersOf(site.Instruction) is not [{ OpCode.Code: Code.Pop } ignored])
            {
                yield break;
            }

            replacements.Add(new(ignored));
        }

        // The prefix of the call goes with it.
        if (site.Instruction.Previous is { OpCode.Code: Code.Constrained } prefix)
        {
            replacements.Add(new(prefix));
        }

        yield return site.BecomeAt(site.Instruction, "nothing", [.. replacements]);
    }
}
