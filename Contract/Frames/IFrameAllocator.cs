using System.Collections.Immutable;
using PageProof.Contract.Tlb;

namespace PageProof.Contract.Frames;

/// <summary>
/// The door of frames: an allocator with what is known of each frame, and small page tables that it can be
/// mapped in. It chooses the frames.
/// </summary>
public interface IFrameAllocator : IDisposable
{
    /// <summary>What this system can be asked.</summary>
    FrameCapabilities Capabilities { get; }

    /// <summary>The frames that the last command moved, in their order.</summary>
    ReadOnlySpan<FrameMove> Moves { get; }

    /// <summary>Begins anew: all frames are free but the reserved ones, and no CPU keeps any.</summary>
    void Reset(FrameStart start);

    /// <summary>Carries a command out.</summary>
    FrameAnswer Do(in FrameCommand command);

    /// <summary>What is known of each frame, from the first on.</summary>
    void Show(Span<FrameView> frames);

    /// <summary>The free blocks; how many there are.</summary>
    int ShowFree(Span<FreeBlock> blocks);

    /// <summary>The free frames that a CPU keeps; how many there are.</summary>
    int ShowKept(CpuNumber cpu, Span<FrameNumber> frames);

    /// <summary>The places where a frame is mapped, as the frame knows them; how many there are.</summary>
    int ShowPlaces(FrameNumber frame, Span<FramePlace> places);

    /// <summary>The frame that the page tables have at a place; null when they have none.</summary>
    FrameNumber? EntryAt(FramePlace place);
}

/// <summary>What an allocator offers. Whoever makes sequences stays within.</summary>
public sealed record FrameCapabilities
{
    /// <summary>How many frames there can be.</summary>
    public int Frames { get; init; } = 4096;

    /// <summary>How many CPUs there can be.</summary>
    public int Cpus { get; init; } = 4;

    /// <summary>How many address spaces there are.</summary>
    public int Spaces { get; init; } = 3;

    /// <summary>How many pages each has, from 0 on.</summary>
    public int Pages { get; init; } = 16;
}

/// <summary>Frames from one on.</summary>
public readonly record struct FrameRange(FrameNumber First, int Count);

/// <summary>How a sequence begins.</summary>
/// <param name="Frames">All frames there are.</param>
/// <param name="Reserved">Those of them that are never given out.</param>
/// <param name="Cpus">How many CPUs there are.</param>
/// <param name="KeptMost">How many free frames a CPU keeps at most.</param>
/// <param name="Batch">How many it takes or gives back at once.</param>
/// <param name="CountMost">Where a count of references or pins stops.</param>
/// <param name="MappingsMost">How many mappings can be noted at once.</param>
public sealed record FrameStart(
    FrameRange Frames,
    ImmutableArray<FrameRange> Reserved,
    int Cpus,
    int KeptMost,
    int Batch,
    int CountMost,
    int MappingsMost);

/// <summary>A start, and what is then done.</summary>
public readonly record struct FrameSequence(FrameStart Start, ImmutableArray<FrameCommand> Commands)
{
    /// <summary>The most commands of a sequence.</summary>
    public const int CommandsMax = 512;

    /// <inheritdoc/>
    public override string ToString() => FrameText.Print(this);
}
