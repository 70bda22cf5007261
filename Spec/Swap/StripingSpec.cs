using System.Collections.Immutable;
using PageProof.Contract.Swap;

namespace PageProof.Spec.Swap;

/// <summary>Whose turn it is.</summary>
/// <param name="Row">All areas, that of the highest priority first; of equal ones, that which waits longest.</param>
/// <param name="Last">What the area that is at turn has given last; null when it is nobody's turn.</param>
public sealed record StripingState(ImmutableArray<SwapAreaNumber> Row, SwapPlace? Last)
{
    /// <summary>No areas.</summary>
    public static StripingState Empty { get; } = new([], null);
}

/// <summary>
/// In which order areas of equal priority give slots. Whoever waits longest begins with a cluster, a free one if it
/// has any, and steps behind the others; it gives the slots of that cluster from low to high, and no other does
/// meanwhile, unless an area of a higher priority has room again.
/// Source: swapon(2) on the round robin; Linux, mm/swapfile.c (6.12, 6.15), the comments on rotating devices and on
/// clusters of SWAPFILE_CLUSTER slots.
/// </summary>
public static class StripingSpec
{
    /// <summary>The turns after a command that was carried out, or why what it chose is wrong.</summary>
    public static (StripingState? State, string? Refusal) Follow(
        StripingState turns, SwapState before, SwapCommand command, SwapAnswer answer, SwapState after)
    {
        bool isWritten = after.Writes > before.Writes && command.Kind == SwapCommandKind.PageOut;
        var (chosen, refusal) = isWritten ? Choose(turns, before, answer.Place)
            : (command.Kind, answer.Outcome) switch
            {
                (SwapCommandKind.SwapOn, SwapOutcome.Done) => (Entered(turns, after, answer.Place.Area), null),
                (SwapCommandKind.SwapOff, SwapOutcome.Done) => (Left(turns, before.AreaOn(command.Device)!), null),
                _ => (turns, null),
            };
        return refusal is not null ? (null, refusal)
            : chosen!.Last is { } last && IsOvertaken(after, last.Area) ? (chosen with { Last = null }, null)
            : (chosen, null);
    }

    private static (StripingState? State, string? Refusal) Choose(
        StripingState turns, SwapState state, SwapPlace chosen)
    {
        if (turns.Last is { } last && NextInCluster(state, last) is { } next)
        {
            return chosen == next ? (turns with { Last = chosen }, null) : (null, $"{next} is next in its cluster");
        }

        var first = turns.Row.Select(state.AreaOf).First(area => area.Free > 0);
        if (chosen.Area != first.Number)
        {
            return (null, $"it is the turn of {first.Number}");
        }

        int shift = state.Start.ClusterShift, cluster = (int)chosen.Slot.Value >> shift;
        var clusters = first.Slots.Index().Where(slot => slot.Item is not null).ToLookup(slot => slot.Index >> shift);
        bool IsFree(int each) => clusters[each].All(slot => slot.Item is { IsFree: true });
        if (!IsFree(cluster) && clusters.Any(each => IsFree(each.Key)))
        {
            return (null, "another cluster is free altogether");
        }

        if (clusters[cluster].First(slot => slot.Item is { IsFree: true }).Index != (int)chosen.Slot.Value)
        {
            return (null, "it is not the first free slot of its cluster");
        }

        var behind = turns.Row.Remove(first.Number);
        int place = behind.Count(each => state.AreaOf(each).Priority >= first.Priority);
        return (new(behind.Insert(place, first.Number), chosen), null);
    }

    private static SwapPlace? NextInCluster(SwapState state, SwapPlace last)
    {
        var slots = state.AreaOf(last.Area).Slots;
        int from = (int)last.Slot.Value + 1, end = ((from - 1 >> state.Start.ClusterShift) + 1)
            << state.Start.ClusterShift;
        return Enumerable.Range(from, Math.Max(0, Math.Min(end, slots.Length) - from))
            .Where(slot => slots[slot] is { IsFree: true })
            .Select(slot => (SwapPlace?)new SwapPlace(last.Area, new((ulong)slot))).FirstOrDefault();
    }

    private static bool IsOvertaken(SwapState state, SwapAreaNumber number) =>
        state.Areas.Any(area => area.Priority > state.AreaOf(number).Priority && area.Free > 0);

    private static StripingState Entered(StripingState turns, SwapState state, SwapAreaNumber number)
    {
        short priority = state.AreaOf(number).Priority;
        int place = turns.Row.Count(each => state.AreaOf(each).Priority >= priority);
        return turns with { Row = turns.Row.Insert(place, number) };
    }

    private static StripingState Left(StripingState turns, SwapAreaState area) => new(
        turns.Row.Remove(area.Number), turns.Last is { } last && last.Area == area.Number ? null : turns.Last);
}
