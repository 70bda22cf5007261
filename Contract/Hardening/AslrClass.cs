namespace PageProof.Contract.Hardening;

/// <summary>The classes of requests that a run of the laws of random placement has to reach.</summary>
public enum AslrClass : byte
{
    /// <summary>64 bits, nothing at random.</summary>
    Off64,
    /// <summary>64 bits, all but the heap.</summary>
    WithoutHeap64,
    /// <summary>64 bits, all.</summary>
    Full64,
    /// <summary>32 bits, nothing at random.</summary>
    Off32,
    /// <summary>32 bits, all but the heap.</summary>
    WithoutHeap32,
    /// <summary>32 bits, all.</summary>
    Full32,
    /// <summary>32 bits of 3 GiB, nothing at random: as it was by tradition.</summary>
    Traditional,
    /// <summary>32 bits of 3 GiB, at random.</summary>
    Randomized3GiB,
    /// <summary>A program at its own address.</summary>
    FixedProgram,
    /// <summary>A position-independent program.</summary>
    PositionIndependentProgram,
    /// <summary>A static position-independent program, which lies among the mappings.</summary>
    StaticProgram,
    /// <summary>Such a program whose heap lies apart from it.</summary>
    HeapMovedAway,
    /// <summary>Such a program whose heap follows it, as it once did.</summary>
    HeapBehindStaticProgram,
    /// <summary>Mappings go up.</summary>
    Legacy,
    /// <summary>The gap for the stack is the least that there is.</summary>
    GapLeast,
    /// <summary>The gap follows the limit of the stack.</summary>
    GapOfLimit,
    /// <summary>The gap is the most that there is.</summary>
    GapMost,
    /// <summary>The vdso lies above the stack.</summary>
    VdsoAboveStack,
    /// <summary>The vdso would lie above the stack, and there is no room.</summary>
    VdsoDisplaced,
    /// <summary>The vdso lies among the mappings.</summary>
    VdsoAmongMappings,
    /// <summary>The heap moves within 32 MiB.</summary>
    HeapIn32MiB,
    /// <summary>The heap moves within 1 GiB.</summary>
    HeapIn1GiB,
    /// <summary>A large mapping lies on a boundary of 2 MiB.</summary>
    AlignedMapping,
    /// <summary>A large mapping of 32 bits lies at any page.</summary>
    LargeMapping32,
    /// <summary>A mapping lies as high, or low, as it can.</summary>
    SmallMapping,
    /// <summary>Entry areas lie side by side.</summary>
    EntryAreasInOrder,
    /// <summary>Entry areas lie at random, the second CPU's above the first's.</summary>
    EntryAreasUp,
    /// <summary>Entry areas lie at random, the second CPU's below the first's.</summary>
    EntryAreasDown,
    /// <summary>The words are at an edge: all bits set, or none.</summary>
    EdgeWords,
}
