using PageProof.Contract;
using PageProof.Contract.Tlb;

namespace PageProof.Spec.Tlb;

/// <summary>Which global translations an invalidation reaches.</summary>
public enum GlobalScope : byte
{
    /// <summary>None.</summary>
    None,
    /// <summary>Those that were cached under its PCID.</summary>
    OfPcid,
    /// <summary>Those of every PCID.</summary>
    OfAll,
}

/// <summary>What an invalidation must drop. It may always drop more.</summary>
/// <param name="Pcid">The PCID, or null for every one.</param>
/// <param name="Address">The address whose page is meant, or null for every page.</param>
/// <param name="Globals">Which global translations are meant.</param>
/// <param name="EveryPartial">Whether with an address go the partial walks of all others.</param>
public readonly record struct Invalidation(
    Pcid? Pcid, LinearAddress? Address, GlobalScope Globals, bool EveryPartial = false);

/// <summary>
/// What each invalidation drops. The fragments in which a processor may hold a large page count as
/// one, since INVLPG and page faults reach all that stem from the page that the tables map (4.10.4.1).
/// Source: Intel SDM vol. 3A, 4.10.4.1, operation by operation.
/// </summary>
public static class InvalidationSpec
{
    /// <summary>Everything, global or not, of every PCID.</summary>
    public static Invalidation Everything => new(null, null, GlobalScope.OfAll);

    /// <summary>
    /// INVLPG: the translations of the page under the current PCID, its global translations whichever
    /// PCID they came under, and of the paging-structure caches everything of the current PCID, whatever
    /// the address.
    /// </summary>
    public static Invalidation OfPage(Pcid current, LinearAddress address) =>
        new(current, address, GlobalScope.OfAll, EveryPartial: true);

    /// <summary>
    /// A page fault: the translations of the page, and of the paging-structure caches what would serve the
    /// address, under the current PCID. These invalidations are to keep a fault from recurring that the
    /// tables do not give (4.10.4.1), and it may come once at most (4.10.4.3): so whichever entry gave the
    /// fault goes, a global one of another PCID as well.
    /// </summary>
    public static Invalidation OfFault(Pcid current, LinearAddress address) =>
        new(current, address, GlobalScope.OfAll);

    /// <summary>
    /// INVPCID type 0: whatever would serve the address of the descriptor under its PCID, but no global
    /// translation.
    /// </summary>
    public static Invalidation OfAddress(Pcid pcid, LinearAddress address) =>
        new(pcid, address, GlobalScope.None);

    /// <summary>
    /// INVPCID type 1 and MOV to CR3: all of a PCID but global translations.
    /// </summary>
    public static Invalidation OfPcid(Pcid pcid) => new(pcid, null, GlobalScope.None);

    /// <summary>INVPCID type 3: all but global translations.</summary>
    public static Invalidation AllExceptGlobal => new(null, null, GlobalScope.None);

    /// <summary>
    /// MOV to CR4 that sets SMEP: everything of the current PCID in TLBs and paging-structure caches; the
    /// manual does not except global translations.
    /// </summary>
    public static Invalidation OfPcidWithGlobal(Pcid current) =>
        new(current, null, GlobalScope.OfPcid);

    /// <summary>The CPU without what the invalidation drops.</summary>
    public static CpuState Drop(CpuState cpu, Invalidation what) => cpu with
    {
        Partial = cpu.Partial.RemoveAll(partial => Drops(what, partial)),
        Cached = cpu.Cached.RemoveAll(translation => Drops(what, translation)),
        Tables = cpu.Tables.RemoveAll(table => Drops(what, table)),
    };

    [Lifted("tlb.spec.dropsTranslation")]
    private static bool Drops(Invalidation what, in CachedTranslation translation)
    {
        bool ofPcid = what.Pcid is not { } pcid || pcid == translation.Pcid;
        bool ofPage = what.Address is not { } address
            || StepSpec.Covers(translation.Page, translation.Level, address);
        return ofPage && (translation.Global
            ? what.Globals == GlobalScope.OfAll || (what.Globals == GlobalScope.OfPcid && ofPcid)
            : ofPcid);
    }

    [Lifted("tlb.spec.dropsPartial")]
    private static bool Drops(Invalidation what, in PartialWalk partial) =>
        (what.Pcid is not { } pcid || pcid == partial.Pcid)
        && (what.EveryPartial || what.Address is not { } address
            || StepSpec.Covers(partial.Prefix, partial.Level, address));

    // A table may be reached under many addresses, so dropping one of them changes nothing.
    [Lifted("tlb.spec.dropsTable")]
    private static bool Drops(Invalidation what, ReachableTable table) =>
        (what.Pcid is not { } pcid || pcid == table.Pcid) && (what.EveryPartial || what.Address is null);
}
