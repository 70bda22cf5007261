using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Implementation.Paging;

/// <summary>
/// A whole translation as one function: the tables of the control state are worked out, and the walk is
/// made. About these the theorems are. Whoever translates often keeps the walker instead.
/// </summary>
public static class LiftedWalks
{
    /// <summary>The walk of four levels.</summary>
    [Lifted("paging.walk.four")]
    public static TranslationOutcome Four<TMemory>(in ControlState control, in Access access, TMemory memory)
        where TMemory : struct, IMarkableMemory =>
        new X86Walker<FourLevels>(control).Walk(memory, access);

    /// <summary>The walk of five levels.</summary>
    [Lifted("paging.walk.five")]
    public static TranslationOutcome Five<TMemory>(in ControlState control, in Access access, TMemory memory)
        where TMemory : struct, IMarkableMemory =>
        new X86Walker<FiveLevels>(control).Walk(memory, access);
}
