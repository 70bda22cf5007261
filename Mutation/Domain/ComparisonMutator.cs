using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>
/// A comparison that is another: turned around, with its equality added or dropped, or signed where it
/// is unsigned. One that is negated at once is one comparison.
/// </summary>
internal sealed class ComparisonMutator : Mutator
{
    /// <inheritdoc/>
    public override string Name => "comparison";

    /// <summary>The comparison of which the negation at <paramref name="site"/> is the last part, or null.</summary>
    public static Instruction? NegatedBy(Site site) =>
        Idiom.IsNegation(site.Flow, site.Instruction)
        && site.Operands[0].Producer is { } inner && Comparison.Of(inner.OpCode.Code) is not null
        && inner == site.Instruction.Previous?.Previous && site.Flow.ConsumersOf(inner).Count == 1
        && !Idiom.IsNotZero(site.Flow, inner) && !Idiom.IsNegation(site.Flow, inner)
            ? inner
            : null;

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site)
    {
        if (NegatedBy(site) is { } inner)
        {
            return Others(site, inner, Comparison.Of(inner.OpCode.Code)!.Value.Negated);
        }

        if (Comparison.Of(site.Code) is not { } comparison || IsFloat(site)
            || Idiom.IsNegation(site.Flow, site.Instruction) || IsInnerOfNegation(site))
        {
            return [];
        }

        return Idiom.IsNotZero(site.Flow, site.Instruction)
            ? [site.Become($"{site.Operand(0)} == {site.Operand(1)}", Instruction.Create(OpCodes.Ceq))]
            : Others(site, site.Instruction, comparison);
    }

    // The branches that go the other way are made elsewhere.
    private static IEnumerable<Change> Others(Site site, Instruction first, Comparison comparison)
    {
        var branch = site.Instruction.Operand as Instruction;
        List<Comparison> others = branch is null ? [comparison.Negated] : [];
        if (comparison.IsOrder)
        {
            others.Add(comparison.AtTheEdge);
            others.Add(comparison with { Unsigned = !comparison.Unsigned });
        }

        foreach (var other in others)
        {
            string sign = other.Unsigned == comparison.Unsigned ? "" : other.Unsigned ? ", unsigned" : ", signed";
            string told = $"{site.OperandOf(first, 0)} {other.Sign} {site.OperandOf(first, 1)}{sign}";
            if (branch is not null)
            {
                yield return site.Become($"if ({told})", Instruction.Create(other.Branch, branch));
            }
            else if (first == site.Instruction)
            {
                yield return site.Become(told, other.Instructions());
            }
            else
            {
                yield return site.BecomeAt(site.Instruction, told,
                    new(first, other.Instructions()), new(site.Instruction.Previous), new(site.Instruction));
            }
        }
    }

    private static bool IsFloat(Site site) => site.Operands[0].Kind is StackKind.Float;

    private static bool IsInnerOfNegation(Site site) =>
        site.Flow.ConsumersOf(site.Instruction) is [var consumer] && NegatedBy(site.At(consumer)) == site.Instruction;
}
