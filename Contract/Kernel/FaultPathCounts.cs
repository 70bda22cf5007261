namespace PageProof.Contract.Kernel;

/// <summary>How many page faults took which path.</summary>
public struct FaultPathCounts
{
    /// <summary>Those that locked an area alone.</summary>
    public long Fast;

    /// <summary>Of these, those that another CPU overlapped which changed areas of the same process.</summary>
    public long BesideWriter;

    /// <summary>Those that tried in vain, and locked the whole space.</summary>
    public long FellBack;

    /// <summary>Stacks that have grown.</summary>
    public long Grown;
}
