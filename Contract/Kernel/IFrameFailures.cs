namespace PageProof.Contract.Kernel;

/// <summary>
/// A kernel whose frames can be made to run out at any of them, and that can look at what it keeps.
/// </summary>
public interface IFrameFailures
{
    /// <summary>
    /// The frame that cannot be given out in the next sequence, counted from one; zero for none. Whatever needs
    /// it fails with ENOMEM.
    /// </summary>
    long FailsAt { get; set; }

    /// <summary>How many frames the last sequence asked for, those of its beginning not counted.</summary>
    long FramesAsked { get; }

    /// <summary>What is wrong with all that is kept, worked out anew; null when nothing is.</summary>
    string? Audit();

    /// <summary>
    /// Ends every process, empties every pipe, gives up every pin, and tells how many frames are then neither free nor
    /// a page of a file.
    /// </summary>
    int EndAll();
}
