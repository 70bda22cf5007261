namespace PageProof.Implementation.Reclaim;

/// <summary>
/// The pages that are on their way to other frames: one for each CPU at most, by the frame in which it was, with how
/// many entries say so. Two words a CPU.
/// </summary>
internal sealed class Migrations(int cpus)
{
    // Frame 0 is never given out.
    private const int None = 0;

    private readonly int[] _frames = new int[cpus];
    private readonly int[] _entries = new int[cpus];

    /// <summary>Whether none is.</summary>
    public bool AreOver => !_frames.AsSpan().ContainsAnyExcept(None);

    /// <summary>None is.</summary>
    public void Reset() => _frames.AsSpan().Clear();

    /// <summary>A CPU begins to move a page.</summary>
    public void Begin(int cpu, int frame) => (_frames[cpu], _entries[cpu]) = (frame, 0);

    /// <summary>No entry leads nowhere for it any more.</summary>
    public void End(int cpu) => _frames[cpu] = None;

    /// <summary>Whether the page of a frame is on its way.</summary>
    public bool IsMoving(int frame) => CpuOf(frame) >= 0;

    /// <summary>How many entries say that the page of a frame is on its way.</summary>
    public int EntriesOf(int frame) => CpuOf(frame) is >= 0 and var cpu ? _entries[cpu] : 0;

    /// <summary>There are more of them, or fewer.</summary>
    public void Add(int frame, int count)
    {
        if (CpuOf(frame) is >= 0 and var cpu)
        {
            _entries[cpu] += count;
        }
    }

    private int CpuOf(int frame) => _frames.AsSpan().IndexOf(frame);
}
