using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>A shift by one more, or by one less.</summary>
internal sealed class ShiftAmountMutator : Mutator
{
    /// <inheritdoc/>
    public override string Name => "shift amount";

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site)
    {
        if (site.Code is not (Code.Shl or Code.Shr or Code.Shr_Un))
        {
            yield break;
        }

        string sign = ExpressionText.SignOf(site.Code)!, shifted = site.Operand(0);
        if (Idiom.ConstantIn(site.Flow, site.Operands[1]) is { } constant)
        {
            int amount = (int)Idiom.ValueOf(constant);
            int width = site.Operands[0].Kind == StackKind.Int64 ? 64 : 32;
            foreach (int other in (int[])[amount - 1, amount + 1])
            {
                if (other >= 0 && other < width)
                {
                    yield return site.BecomeAt(site.Instruction, $"{shifted} {sign} {other}",
                        new Replacement(constant, Instruction.Create(OpCodes.Ldc_I4, other)));
                }
            }

            yield break;
        }

        foreach (var (opCode, word) in ((OpCode, string)[])[(OpCodes.Sub, "-"), (OpCodes.Add, "+")])
        {
            yield return site.BecomeAt(site.Instruction, $"{shifted} {sign} ({site.Operand(1)} {word} 1)",
                OneOff(site, opCode));
        }
    }

    // Before the mask of the amount, if it has one: C# masks the sum.
    private static Replacement OneOff(Site site, OpCode opCode)
    {
        var one = Instruction.Create(OpCodes.Ldc_I4, 1);
        var change = Instruction.Create(opCode);
        if (site.Operands[1].Producer is { } mask && Idiom.IsAmountMask(site.Flow, mask)
            && site.Flow.OperandsOf(mask)[1].Producer is { OpCode.Code: Code.Ldc_I4 } limit)
        {
            return new(limit, one, change, Instruction.Create(OpCodes.Ldc_I4, (int)limit.Operand));
        }

        return new(site.Instruction, one, change, Instruction.Create(site.Instruction.OpCode));
    }
}
