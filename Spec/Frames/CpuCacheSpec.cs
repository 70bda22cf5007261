using System.Collections.Immutable;
using PageProof.Contract.Frames;

namespace PageProof.Spec.Frames;

/// <summary>
/// The free frames that a CPU keeps for itself: it takes single frames from there as long as it has some,
/// gets and gives back no more than a batch at once, and what it frees it keeps. Nobody else's are touched,
/// except when there is no free block, or when all are asked for.
/// Source: Linux, struct per_cpu_pages in include/linux/mmzone.h; Documentation/admin-guide/sysctl/vm.rst,
/// percpu_pagelist_high_fraction; drain_all_pages in mm/page_alloc.c.
/// </summary>
public static class CpuCacheSpec
{
    /// <summary>What is wrong with the frames that CPUs keep after a command, or null.</summary>
    public static string? Refusal(FrameState before, FrameCommand command, FrameAnswer answer, FrameState after)
    {
        var (start, cpu) = (before.Start, command.Cpu.Value);
        var (own, now) = (before.Free.Kept[cpu], after.Free.Kept[cpu]);
        bool isAlone = Enumerable.Range(0, start.Cpus).All(
            each => each == cpu || before.Free.Kept[each].SequenceEqual(after.Free.Kept[each]));
        bool freed = answer.Outcome == FrameOutcome.Freed;
        bool single = command.Order.Value == 0;
        bool right = command.Kind switch
        {
            _ when after.Free.Kept.Any(frames => frames.Length > start.KeptMost) => false,
            FrameCommandKind.Allocate when before.FailsIn == 1 => isAlone && own.SequenceEqual(now),
            FrameCommandKind.Allocate when single && own.Length != 0 =>
                isAlone && own.Contains(answer.Frame) && own.Remove(answer.Frame).SequenceEqual(now),
            FrameCommandKind.Allocate when HasBlock(before, command.Order) =>
                isAlone && (single ? now.Length < start.Batch : own.SequenceEqual(now)),
            FrameCommandKind.Allocate => IsNothingKept(after),
            FrameCommandKind.Drain => isAlone && now.IsEmpty,
            FrameCommandKind.DrainAll or FrameCommandKind.Compact => IsNothingKept(after),
            _ when freed && start.KeptMost > 0 && before.BlockAt(command.Frame) is { Order.Value: 0 } =>
                isAlone && IsKept(start, own, now, command.Frame),
            _ => isAlone && own.SequenceEqual(now),
        };
        return right ? null : "that is not what the CPUs keep after it";
    }

    private static bool HasBlock(FrameState state, FrameOrder order) =>
        state.Free.Blocks.Any(block => block.Order.Value >= order.Value);

    private static bool IsNothingKept(FrameState state) => state.Free.Kept.All(frames => frames.IsEmpty);

    // A batch goes back when there is no room, and only then.
    private static bool IsKept(
        FrameStart start, ImmutableArray<FrameNumber> own, ImmutableArray<FrameNumber> now, FrameNumber freed)
    {
        int left = own.Length < start.KeptMost ? own.Length : own.Length - Math.Min(start.Batch, own.Length);
        return now.Length == left + 1 && now.Contains(freed) && now.Except(own).Count() == 1;
    }
}
