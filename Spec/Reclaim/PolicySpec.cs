using System.Diagnostics;
using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>
/// All policies under one name. A page is dirty from the first write since it came, and is written back when it
/// goes. Source: Tanenbaum and Bos, Modern Operating Systems, 4th ed., 3.4; each policy names its own.
/// </summary>
public static class PolicySpec
{
    /// <summary>An empty memory. Only OPT reads what is foreseen.</summary>
    public static PolicyState Begin(ReplacementSettings settings, ReadOnlySpan<Reference> foreseen) =>
        settings.Kind switch
        {
            ReplacementKind.Opt => OptSpec.Begin(settings, foreseen),
            ReplacementKind.Fifo => FifoSpec.Begin(settings),
            ReplacementKind.Lru => LruSpec.Begin(settings),
            ReplacementKind.Clock => ClockSpec.Begin(settings, loadSetsBit: true),
            ReplacementKind.ClockClear => ClockSpec.Begin(settings, loadSetsBit: false),
            ReplacementKind.Nru => NruSpec.Begin(settings),
            ReplacementKind.Aging => AgingSpec.Begin(settings),
            ReplacementKind.WsClock => WsClockSpec.Begin(settings),
            ReplacementKind.TwoList => TwoListLruSpec.Begin(settings),
            _ => throw new UnreachableException(),
        };

    /// <summary>What a reference comes to.</summary>
    public static PolicyStep Next(PolicyState state, Reference reference) => state switch
    {
        OptState opt => OptSpec.Next(opt, reference),
        FifoState fifo => FifoSpec.Next(fifo, reference),
        LruState lru => LruSpec.Next(lru, reference),
        ClockState clock => ClockSpec.Next(clock, reference),
        NruState nru => NruSpec.Next(nru, reference),
        AgingState aging => AgingSpec.Next(aging, reference),
        WsClockState clock => WsClockSpec.Next(clock, reference),
        TwoListState lists => TwoListLruSpec.Next(lists, reference),
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether a reference writes.</summary>
    public static bool Writes(Reference reference) => reference.Mask.HasFlag(ReferenceMask.Write);
}
