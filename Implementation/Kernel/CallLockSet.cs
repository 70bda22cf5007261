using PageProof.Contract.Kernel;

namespace PageProof.Implementation.Kernel;

/// <summary>The locks of calls, each by its number.</summary>
internal sealed class CallLockSet
{
    public CallLock[] Files { get; } = Some(KernelStart.FilesMax);

    public CallLock[] Pipes { get; } = Some(KernelSequence.PipeBuffers.Length);

    public CallLock[] Pins { get; } = Some(KernelSequence.Pins);

    /// <summary>Whether nobody has any.</summary>
    public bool AreFree => Files.All(each => each.IsFree) && Pipes.All(each => each.IsFree)
        && Pins.All(each => each.IsFree);

    /// <summary>Nobody has any from now on.</summary>
    public void Reset()
    {
        foreach (var locks in (ReadOnlySpan<CallLock[]>)[Files, Pipes, Pins])
        {
            foreach (var each in locks)
            {
                each.Release();
            }
        }
    }

    private static CallLock[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => new CallLock())];
}
