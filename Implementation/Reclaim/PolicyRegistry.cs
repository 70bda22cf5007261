using System.Diagnostics;
using PageProof.Contract.Reclaim;

namespace PageProof.Implementation.Reclaim;

/// <summary>Opens a memory under each policy.</summary>
public static class PolicyRegistry
{
    /// <summary>An empty memory.</summary>
    public static ReplacementMemory Open(ReplacementSettings settings) => settings.Kind switch
    {
        ReplacementKind.Opt => Of(settings, new OptPolicy(settings.Frames)),
        ReplacementKind.Fifo => Of(settings, new FifoPolicy(settings.Frames)),
        ReplacementKind.Lru => Of(settings, new LruPolicy(settings.Frames)),
        ReplacementKind.Clock => Of(settings, new ClockPolicy(settings.Frames, true)),
        ReplacementKind.ClockClear => Of(settings, new ClockPolicy(settings.Frames, false)),
        ReplacementKind.Nru => Of(settings, new NruPolicy(settings.Frames, settings.Tick)),
        ReplacementKind.Aging => Of(settings, new AgingPolicy(settings.Frames, settings.Tick)),
        ReplacementKind.WsClock => Of(settings, new WsClockPolicy(settings.Frames, settings.Window)),
        ReplacementKind.TwoList => Of(settings, new TwoListPolicy(settings.Frames, settings.Ratio)),
        _ => throw new UnreachableException(),
    };

    private static ReplacementMemory<TPolicy> Of<TPolicy>(ReplacementSettings settings, TPolicy policy)
        where TPolicy : struct, IPolicy => new(settings, policy);
}
