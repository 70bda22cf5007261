using System.Collections.Immutable;
using PageProof.Contract.Frames;

namespace PageProof.Spec.Frames;

/// <summary>
/// Why an allocation of an order would fail, from the free blocks. Both figures are parts of one, in
/// thousandths rounded towards what the kernel gives.
/// Source: Gorman and Whitcroft, "The what, the why and the where to of anti-fragmentation", Ottawa Linux
/// Symposium 2006; Linux, Documentation/admin-guide/sysctl/vm.rst, extfrag_threshold, and the comments of
/// mm/vmstat.c on both indices.
/// </summary>
public static class FragmentationSpec
{
    private const int Whole = 1000;

    /// <summary>
    /// 1 - (1 + free / wanted) / blocks: near 0 there is too little memory, near 1 it is in too many pieces.
    /// It says nothing, and is -1, when a block of the order is free; and 0 when nothing is.
    /// </summary>
    public static int Index(ImmutableArray<FreeBlock> blocks, FrameOrder order)
    {
        if (blocks.IsEmpty)
        {
            return 0;
        }

        long wanted = order.Frames, free = blocks.Sum(block => block.Order.Frames);
        return blocks.Any(block => block.Order.Value >= order.Value)
            ? -Whole
            : Whole - (int)(Whole * (wanted + free) / (wanted * blocks.Length));
    }

    /// <summary>The part of the free frames that lies in smaller blocks: all of it when nothing is free.</summary>
    public static int Unusable(ImmutableArray<FreeBlock> blocks, FrameOrder order)
    {
        var small = blocks.Where(block => block.Order.Value < order.Value);
        return blocks.IsEmpty
            ? Whole
            : Whole * small.Sum(block => block.Order.Frames) / blocks.Sum(block => block.Order.Frames);
    }

    /// <summary>What is wrong with figures, or null.</summary>
    public static string? Refusal(ImmutableArray<FreeBlock> blocks, FrameOrder order, FrameAnswer answer)
    {
        var (index, unusable) = (Index(blocks, order), Unusable(blocks, order));
        return answer.Index == index && answer.Unusable == unusable
            ? null
            : $"the index is {index}, and {unusable} thousandths are of no use";
    }
}
