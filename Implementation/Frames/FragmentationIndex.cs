using PageProof.Contract.Frames;

namespace PageProof.Implementation.Frames;

/// <summary>
/// How far the free blocks are from serving an order, in thousandths, from the numbers of blocks alone: one
/// pass over the orders.
/// </summary>
public static class FragmentationIndex
{
    /// <summary>What is told when a block of the order is free.</summary>
    public const int Suitable = -1000;

    private const int Whole = 1000;

    /// <summary>
    /// Why an allocation would fail: towards 0 for lack of memory, towards 1000 for fragmentation;
    /// -1000 when it would not fail.
    /// </summary>
    public static int Of(BuddyAllocator free, int order)
    {
        if (free.Has(order))
        {
            return Suitable;
        }

        int blocks = 0;
        for (int each = 0; each < order; each++)
        {
            blocks += free.BlocksOf(each);
        }

        return blocks == 0 ? 0 : Whole - (Whole + (int)((long)free.FreeFrames * Whole >> order)) / blocks;
    }

    /// <summary>Which part of the free frames cannot serve the order: 0 for none, 1000 for all.</summary>
    public static int Unusable(BuddyAllocator free, int order)
    {
        long usable = 0;
        for (int each = order; each <= FrameOrder.Most; each++)
        {
            usable += (long)free.BlocksOf(each) << each;
        }

        return free.FreeFrames == 0 ? Whole : (int)((free.FreeFrames - usable) * Whole / free.FreeFrames);
    }
}
