namespace PageProof.Implementation.Reclaim;

/// <summary>
/// How many frames are to be free: below the first mark whoever needs one makes room itself, below the second room is
/// made in the background, up to the third.
/// </summary>
internal readonly record struct FrameMarks(int Min, int Low, int High)
{
    private const int KilobytesOfFrame = 4;
    private const int ShareMost = 16;

    /// <summary>
    /// The marks of a machine with so many frames: the root of sixteen times its kilobytes, as Linux has it, but never
    /// more than a part of a small one; the others a quarter and a half above.
    /// </summary>
    public static FrameMarks Of(int frames)
    {
        int root = (int)Math.Sqrt(16.0 * KilobytesOfFrame * frames) / KilobytesOfFrame;
        int min = Math.Clamp(root, 1, Math.Max(1, frames / ShareMost));
        return new(min, min + Math.Max(1, min / 4), min + Math.Max(2, min / 2));
    }
}
