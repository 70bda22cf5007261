namespace PageProof.Implementation.Reclaim;

/// <summary>How large the active list may be beside the inactive one.</summary>
public static class ListBalance
{
    private const int FramesOfGigabyteLog = 30 - 12;
    private const int RootBits = 15;

    /// <summary>The root of ten times the gigabytes, rounded down and found bit by bit; 1 below one of
    /// them.</summary>
    public static int RatioOf(int frames)
    {
        long square = 10L * (frames >> FramesOfGigabyteLog), root = 0;
        for (long bit = 1L << RootBits; bit > 0; bit >>= 1)
        {
            root += (root + bit) * (root + bit) <= square ? bit : 0;
        }

        return (int)Math.Max(root, 1);
    }
}
