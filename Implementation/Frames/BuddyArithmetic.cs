using PageProof.Contract;

namespace PageProof.Implementation.Frames;

/// <summary>
/// Which blocks belong together. A block of an order begins at a multiple of its size; it and its buddy make
/// the block of the next order, so they differ in one bit.
/// </summary>
internal static class BuddyArithmetic
{
    /// <summary>The block that a block can be merged with.</summary>
    [Lifted("frames.buddy")]
    public static int BuddyOf(int frame, int order) => frame ^ 1 << order;

    /// <summary>Where the block begins that a block and its buddy make.</summary>
    [Lifted("frames.merged")]
    public static int MergedWithBuddy(int frame, int order) => frame & ~(1 << order);

    /// <summary>Where the upper half of a block of the next order begins.</summary>
    [Lifted("frames.upper-half")]
    public static int UpperHalf(int frame, int order) => frame + (1 << order);

    /// <summary>Where the block of an order begins that a frame is in.</summary>
    [Lifted("frames.block")]
    public static int BlockOf(int frame, int order) => frame & -1 << order;
}
