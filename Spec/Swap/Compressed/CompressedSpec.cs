using System.Collections.Immutable;
using System.Diagnostics;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Spec.Swap.Compressed;

/// <summary>
/// A compressed store gives back what was stored last, wherever it lies, or says that it cannot; what it counts is
/// what it holds and what it did.
/// Source: Linux 6.11, Documentation/admin-guide/mm/zswap.rst; Linux 6.14,
/// Documentation/admin-guide/blockdev/zram.rst.
/// </summary>
public static class CompressedSpec
{
    /// <summary>Nothing is stored, and nothing is counted.</summary>
    public static CompressedStep Begin(CompressedStart start, CompressedShown shown) =>
        Audit(CompressedState.Of(start), shown);

    /// <summary>Whether the answer is permitted, and the state after it.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="page">Store: what; load: what came.</param>
    /// <param name="answer">What was answered.</param>
    /// <param name="shown">What is shown after it.</param>
    public static CompressedStep Follow(
        CompressedState before,
        CompressedCommand command,
        ImmutableArray<byte> page,
        CompressedAnswer answer,
        CompressedShown shown)
    {
        bool isZswap = before.Settings.Kind == CompressedKind.Zswap;
        var step = command.Kind switch
        {
            CompressedCommandKind.Store when isZswap =>
                ZswapSpec.Store(before, command.Slot.Value, page, answer, shown.WrittenBack),
            CompressedCommandKind.Store => ZramSpec.Store(before, command.Slot.Value, page, answer),
            CompressedCommandKind.Load when isZswap => ZswapSpec.Load(before, command.Slot.Value, page, answer, shown),
            CompressedCommandKind.Load => ZramSpec.Load(before, command.Slot.Value, page, answer),
            CompressedCommandKind.Shrink => ShrinkSpec.Shrink(before, command.Value, answer, shown.WrittenBack),
            CompressedCommandKind.WriteBack =>
                ZramWriteBackSpec.Follow(before, command.Which, answer, shown.WrittenBack),
            CompressedCommandKind.Release => Release(before, command.Slot.Value, shown.Pages),
            CompressedCommandKind.Compact => new(Compact(before), null),
            _ => new(Next(before, command), null),
        };
        if (step.State is null)
        {
            return step;
        }

        bool isDone = command.Kind is not (CompressedCommandKind.Store or CompressedCommandKind.Load
            or CompressedCommandKind.Shrink or CompressedCommandKind.WriteBack);
        return isDone && answer != new CompressedAnswer { Outcome = CompressedOutcome.Done }
            ? CompressedStep.No("it is carried out, and there is nothing to be told")
            : Audit(step.State, shown);
    }

    // What nobody refers to takes no memory, and is not given to whoever has the slot next.
    private static CompressedStep Release(CompressedState before, ulong slot, int pagesAfter) =>
        before.Without(slot, pagesAfter) is { } after
            ? new(after, null)
            : CompressedStep.No($"the pool cannot have {pagesAfter} pages without what the slot held");

    // zram.rst: pages_compacted is how many pages compaction has freed.
    private static CompressedState Compact(CompressedState before)
    {
        var pool = PoolSpec.Compact(before.Pool);
        int freed = before.Settings.Kind == CompressedKind.Zram ? before.Pool.Pages - pool.Pages : 0;
        return before with
        {
            Pool = pool,
            ZramSince = before.ZramSince with { PagesCompacted = before.ZramSince.PagesCompacted + freed },
        };
    }

    private static CompressedState Next(CompressedState before, CompressedCommand command) => command.Kind switch
    {
        CompressedCommandKind.Limit => before with
        {
            Settings = before.Settings.Kind == CompressedKind.Zswap
                ? before.Settings with { MaxPoolPercent = command.Value }
                : before.Settings with { LimitPages = command.Value },
        },
        CompressedCommandKind.Threshold => before with
        {
            Settings = before.Settings with { AcceptPercent = command.Value },
        },
        CompressedCommandKind.Idle => before with
        {
            Slots = before.Slots.ToImmutableSortedDictionary(
                each => each.Key, each => each.Value with { IsIdle = true }),
        },
        CompressedCommandKind.FailRead => before with { ReadFailsIn = command.Value },
        CompressedCommandKind.FailWrite => before with { WriteFailsIn = command.Value },
        CompressedCommandKind.ReadOnly => before with { IsReadOnly = command.Value != 0 },
        _ => throw new UnreachableException(),
    };

    private static CompressedStep Audit(CompressedState state, CompressedShown shown)
    {
        bool isZswap = state.Settings.Kind == CompressedKind.Zswap;
        var zswap = isZswap ? StatisticsSpec.Zswap(state) : default;
        var zram = isZswap ? default : StatisticsSpec.Zram(state);
        return shown.Zswap != zswap ? CompressedStep.No($"it counts {zswap}, and {shown.Zswap} is shown")
            : shown.Zram != zram ? CompressedStep.No($"it counts {zram}, and {shown.Zram} is shown")
            : new(state, null);
    }
}
