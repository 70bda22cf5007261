using System.Numerics;

namespace PageProof.Mutation.Domain;

/// <summary>
/// A constant that is off by a little: a number by one; one bit in its neighbour's place; a mask
/// without a bit at one of its edges, or with one more; 0 for 1 and 1 for 0.
/// </summary>
internal sealed class ConstantMutator : Mutator
{
    /// <inheritdoc/>
    public override string Name => "constant";

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site)
    {
        var (role, wide, value) = ConstantUse.At(site);
        var others = role switch
        {
            ConstantRole.Truth => [value ^ 1],
            ConstantRole.Mask when wide => OtherMasks((ulong)value, 64).Select(mask => (long)mask),
            ConstantRole.Mask => OtherMasks((uint)value, 32).Select(mask => (long)mask),
            ConstantRole.Number => OtherNumbers(value),
            _ => (IEnumerable<long>)[],
        };
        foreach (long other in others)
        {
            long told = wide ? other : (int)other;
            yield return site.Become(
                ExpressionText.OfConstant(told, wide), Site.Constant(site.Instruction, told, wide));
        }
    }

    private static IEnumerable<long> OtherNumbers(long value) => value switch
    {
        0 => [1],
        _ => [value - 1, value + 1],
    };

    private static IEnumerable<ulong> OtherMasks(ulong mask, int width)
    {
        if (mask <= 1)
        {
            yield return mask ^ 1;
        }

        if (BitOperations.IsPow2(mask))
        {
            int bit = BitOperations.Log2(mask);
            if (bit > 0)
            {
                yield return mask >> 1;
            }

            if (bit < width - 1)
            {
                yield return mask << 1;
            }

            yield break;
        }

        // An edge is where a bit differs from the one beside it; beyond the word there is nothing set.
        for (int bit = 0; bit < width; bit++)
        {
            bool below = bit > 0 && (mask >> bit - 1 & 1) != 0;
            bool above = bit < width - 1 && (mask >> bit + 1 & 1) != 0;
            bool set = (mask >> bit & 1) != 0;
            if (set ? !(below && above) : mask != 0 && (below || above))
            {
                yield return mask ^ 1UL << bit;
            }
        }
    }
}
