using System.Collections.Immutable;
using PageProof.Contract.Frames;

namespace PageProof.Spec.Frames;

/// <summary>A block in use.</summary>
/// <param name="First">Its first frame.</param>
/// <param name="Order">How large it is.</param>
/// <param name="Use">What for.</param>
/// <param name="Holds">How many hold it without mapping or pinning it.</param>
/// <param name="Pins">How many pin it.</param>
/// <param name="Places">Where it is mapped.</param>
/// <param name="Page">As what a cache names it; null when none does.</param>
/// <param name="Flags">What is noted of it.</param>
/// <param name="Content">What was written to it; null when nothing was.</param>
public sealed record FrameBlock(
    FrameNumber First,
    FrameOrder Order,
    FrameKind Use,
    int Holds,
    int Pins,
    ImmutableArray<FramePlace> Places,
    CachedPage? Page,
    FrameFlags Flags,
    uint? Content)
{
    /// <summary>E1: mappings, pins, the cache, and whoever holds it: nothing else is a reference.</summary>
    public int References => Holds + Pins + Places.Length + (Page is null ? 0 : 1);
}

/// <summary>What is free, as a system keeps it.</summary>
/// <param name="Blocks">The free blocks.</param>
/// <param name="Kept">The free frames that each CPU keeps.</param>
public sealed record FreeFrames(
    ImmutableArray<FreeBlock> Blocks, ImmutableArray<ImmutableArray<FrameNumber>> Kept);

/// <summary>All frames.</summary>
/// <param name="Start">How it began.</param>
/// <param name="Blocks">The blocks in use, the eldest first.</param>
/// <param name="Taken">Of each frame, whether it is reserved or in use.</param>
/// <param name="Free">How what is free is kept.</param>
/// <param name="FailsIn">Which allocation from now on is made to fail; 0 for none.</param>
public sealed record FrameState(
    FrameStart Start,
    ImmutableArray<FrameBlock> Blocks,
    ImmutableArray<bool> Taken,
    FreeFrames Free,
    uint FailsIn)
{
    /// <summary>How many frames are free.</summary>
    public int FreeCount => Taken.Count(taken => !taken);

    /// <summary>The block that begins with a frame.</summary>
    public FrameBlock? BlockAt(FrameNumber frame) => Blocks.FirstOrDefault(block => block.First == frame);

    /// <summary>The block that is mapped at a place.</summary>
    public FrameBlock? BlockAt(FramePlace place) => Blocks.FirstOrDefault(block => block.Places.Contains(place));

    /// <summary>Whether all frames from one on are there, and free.</summary>
    public bool IsFree(int first, int count)
    {
        int from = first - Start.Frames.First.Value;
        return from >= 0 && from + count <= Taken.Length && !Taken.AsSpan(from, count).Contains(true);
    }

    /// <summary>The state with frames taken, or free again.</summary>
    public FrameState With(FrameNumber first, int count, bool taken)
    {
        int from = first.Value - Start.Frames.First.Value;
        var rest = Taken.RemoveRange(from, count);
        return this with { Taken = rest.InsertRange(from, Enumerable.Repeat(taken, count)) };
    }
}

/// <summary>A page of an address space and the frame that it leads to.</summary>
public readonly record struct MappedFrame(FramePlace Place, FrameNumber Frame);

/// <summary>What a system shows after a command.</summary>
/// <param name="Frames">What is known of each frame.</param>
/// <param name="Free">What is free.</param>
/// <param name="Moves">What the command has moved.</param>
/// <param name="Entries">What the page tables say.</param>
/// <param name="Chains">What the frames know of the entries that lead to them.</param>
public sealed record FramesShown(
    ImmutableArray<FrameView> Frames,
    FreeFrames Free,
    ImmutableArray<FrameMove> Moves,
    ImmutableArray<MappedFrame> Entries,
    ImmutableArray<MappedFrame> Chains);

/// <summary>What following an answer comes to: the state after it, or why it is not permitted.</summary>
public readonly record struct FrameStep(FrameState? State, string? Refusal);
