using System.Collections.Immutable;
using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>What a command to a kernel with a software-filled TLB does.</summary>
public enum SoftwareTlbKernelCommandKind : byte
{
    /// <summary>The current process accesses a page.</summary>
    Access,
    /// <summary>The kernel accesses a wired page of its own.</summary>
    AccessWired,
    /// <summary>A page of a process is mapped to a frame.</summary>
    Map,
    /// <summary>A page of a process is mapped no more.</summary>
    Unmap,
    /// <summary>A page of a process becomes read-only.</summary>
    Protect,
    /// <summary>Asks whether a page was written since it was mapped or last asked for.</summary>
    Clean,
    /// <summary>Another process becomes the current one.</summary>
    Switch,
    /// <summary>A process ends; a new one, with nothing mapped, has its number.</summary>
    Exit,
}

/// <summary>One step of a sequence, flat. Members that do not belong to its kind are zero.</summary>
public readonly record struct SoftwareTlbKernelCommand
{
    /// <summary>What is done.</summary>
    public SoftwareTlbKernelCommandKind Kind { get; init; }

    /// <summary>The number of the process that it is about.</summary>
    public byte Process { get; init; }

    /// <summary>The page of the process, or the wired page of the kernel.</summary>
    public PageNumber Page { get; init; }

    /// <summary>Access: a read, a write or a fetch.</summary>
    public AccessKind Access { get; init; }

    /// <summary>Map: the frame.</summary>
    public FrameNumber Frame { get; init; }

    /// <summary>Map: whether the process may write.</summary>
    public bool Writable { get; init; }

    /// <inheritdoc/>
    public override string ToString() => SoftwareTlbKernelText.Of(this);
}

/// <summary>The number of a page of 4 KiB in the space of a process.</summary>
public readonly record struct PageNumber(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Value}";
}

/// <summary>The number of a frame of 4 KiB; twenty-four bits.</summary>
public readonly record struct FrameNumber(uint Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x}";
}

/// <summary>With what a kernel starts. Process 0 is the current one.</summary>
/// <param name="Entries">How many entries the TLB has.</param>
/// <param name="Wired">How many of them hold pages of the kernel for good: page n of them is frame 256 + n.</param>
/// <param name="Asids">How many ASIDs there are.</param>
/// <param name="Processes">How many processes there are.</param>
public readonly record struct SoftwareTlbKernelStart(int Entries, int Wired, int Asids, int Processes)
{
    /// <summary>How many pages a process has.</summary>
    public const int Pages = 32;

    /// <summary>The most processes.</summary>
    public const int ProcessesMost = 8;

    /// <summary>The most ASIDs: they have eight bits. Source: MIPS R4000 User's Manual, chapter 4.</summary>
    public const int AsidsMost = 256;

    /// <summary>The frame of the first wired page.</summary>
    public const uint WiredFrame = 256;
}

/// <summary>A start, and what is then done.</summary>
public readonly record struct SoftwareTlbKernelSequence(
    SoftwareTlbKernelStart Start, ImmutableArray<SoftwareTlbKernelCommand> Commands)
{
    /// <summary>The most commands of a sequence.</summary>
    public const int CommandsMax = 512;

    /// <inheritdoc/>
    public override string ToString() => SoftwareTlbKernelText.Print(this);
}

/// <summary>The kinds of answers of such a kernel.</summary>
public enum SoftwareTlbKernelAnswerKind : byte
{
    /// <summary>No answer was given.</summary>
    None,
    /// <summary>It was done.</summary>
    Done,
    /// <summary>The access went to a frame.</summary>
    Frame,
    /// <summary>The process has no such page, or may not write it.</summary>
    Fault,
    /// <summary>The page was not written.</summary>
    IsClean,
    /// <summary>The page was written.</summary>
    WasDirty,
}

/// <summary>What the kernel says of one command.</summary>
/// <param name="Kind">Which kind of answer this is.</param>
/// <param name="Frame">The frame that the access went to.</param>
/// <param name="Traps">How many exceptions the access took.</param>
public readonly record struct SoftwareTlbKernelAnswer(SoftwareTlbKernelAnswerKind Kind, FrameNumber Frame, int Traps)
{
    /// <inheritdoc/>
    public override string ToString() => SoftwareTlbKernelText.Of(this);
}
