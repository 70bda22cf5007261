using System.Collections.Immutable;
using PageProof.Contract.PageCache;

namespace PageProof.Contract.Kernel;

/// <summary>
/// How a sequence begins: process 0 is there with an empty arena, and the files are open.
/// </summary>
/// <param name="Processes">How many numbers of processes there are.</param>
/// <param name="Cpus">How many CPUs there are, where the system can choose.</param>
/// <param name="Files">The files.</param>
public sealed record KernelStart(int Processes, int Cpus, ImmutableArray<KernelFile> Files)
{
    /// <summary>The most processes of a sequence.</summary>
    public const int ProcessesMax = 8;

    /// <summary>The most CPUs of a sequence.</summary>
    public const int CpusMax = 4;

    /// <summary>The most files of a sequence.</summary>
    public const int FilesMax = 4;

    /// <summary>The fewest frames of a sequence that says how many there are.</summary>
    public const int FramesLeast = 16;

    /// <summary>The most of them.</summary>
    public const int FramesMost = 4096;

    /// <summary>How many frames of memory there are; 0 for as many as the system has.</summary>
    public int Frames { get; init; }

    /// <summary>The largest first length of a file.</summary>
    public const ulong FileLengthMax = 1 << 20;
}

/// <summary>A start, and what is then done.</summary>
public readonly record struct KernelSequence(KernelStart Start, ImmutableArray<KernelCommand> Commands)
{
    /// <summary>The most commands of a sequence.</summary>
    public const int CommandsMax = 1024;

    /// <summary>How far the bytes that are named from the last mapping may lie beyond its start.</summary>
    public const ulong FromLastMax = 16 * 4096;

    /// <summary>The most bytes that one command reads from a file or a pipe.</summary>
    public const ulong FileReadMax = 1 << 18;

    /// <summary>The most bytes that one command writes to a pipe, or takes from a process for one.</summary>
    public const ulong PipeWriteMax = 1 << 15;

    /// <summary>How many pins there can be at once.</summary>
    public const int Pins = 3;

    /// <summary>The most bytes of one pin.</summary>
    public const ulong PinMax = 4 * 4096;

    /// <summary>How many pages each swap device has room for. There are so many devices.</summary>
    public static ImmutableArray<int> SwapSlots { get; } = [6, 24, 200];

    /// <summary>The most pages that the pool of zswap is permitted to have.</summary>
    public const int PoolPagesMax = KernelStart.FramesMost;

    /// <summary>How many buffers of a page each pipe has. There are so many pipes.</summary>
    public static ImmutableArray<int> PipeBuffers { get; } = [16, 2];

    /// <inheritdoc/>
    public override string ToString() => KernelText.Print(this);
}
