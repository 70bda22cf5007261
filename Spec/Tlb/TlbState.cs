using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Paging;

namespace PageProof.Spec.Tlb;

/// <summary>A word of a table, and what the processors may and must have marked in it by now.</summary>
/// <param name="Address">Where it lies.</param>
/// <param name="Entry">What it holds at least: the content of the last store, and marks that are certain.</param>
/// <param name="Version">Which of all stores wrote it.</param>
/// <param name="MayBeAccessed">Some walk may have used it, and so set A.</param>
/// <param name="MustBeAccessed">A walk has used it, whichever explains the answers that were given.</param>
/// <param name="MayBeDirty">A write may have set D, or else used a cached entry that had it.</param>
public readonly record struct KnownWord(
    PhysicalAddress Address,
    PagingEntry Entry,
    WordVersion Version,
    bool MayBeAccessed,
    bool MustBeAccessed,
    bool MayBeDirty);

/// <summary>
/// The upper part of a walk, which a paging-structure cache may hold: all that a CPU needs to go on
/// at the next level. Source: Intel SDM vol. 3A, 4.10.3.
/// </summary>
/// <param name="Pcid">The PCID that was current.</param>
/// <param name="Level">The level of the entry that was read last.</param>
/// <param name="Prefix">The part of the linear address that chose the entries, the rest zero.</param>
/// <param name="Table">The table that comes next.</param>
/// <param name="Writable">R/W was set in every entry.</param>
/// <param name="User">U/S was set in every entry.</param>
/// <param name="Execute">XD was set in none.</param>
/// <param name="Path">What was read.</param>
public readonly record struct PartialWalk(
    Pcid Pcid,
    int Level,
    LinearAddress Prefix,
    PhysicalAddress Table,
    bool Writable,
    bool User,
    bool Execute,
    WalkPath Path);

/// <summary>
/// A translation that a TLB may hold. Source: Intel SDM vol. 3A, 4.10.2.2 and 4.10.2.3.
/// </summary>
/// <param name="Pcid">The PCID that was current.</param>
/// <param name="Page">The first address of the page.</param>
/// <param name="Level">The level of the leaf, hence the size of the page.</param>
/// <param name="Leaf">The leaf as it was read, or as the walk left it: D is D of the entry.</param>
/// <param name="WritableAbove">R/W was set in every entry above the leaf.</param>
/// <param name="User">U/S was set in every entry.</param>
/// <param name="Execute">XD was set in none.</param>
/// <param name="Global">G was set in the leaf while CR4.PGE was set.</param>
/// <param name="Path">What was read.</param>
public readonly record struct CachedTranslation(
    Pcid Pcid,
    LinearAddress Page,
    int Level,
    PagingEntry Leaf,
    bool WritableAbove,
    bool User,
    bool Execute,
    bool Global,
    WalkPath Path);

/// <summary>A table that a walk may come to: for the question which words a CPU may mark.</summary>
public readonly record struct ReachableTable(Pcid Pcid, PhysicalAddress Table, int Level);

/// <summary>
/// One CPU: its registers, and everything that it may have cached. It need hold none of it.
/// </summary>
public sealed record CpuState(
    ControlState Control,
    ImmutableArray<PartialWalk> Partial,
    ImmutableArray<CachedTranslation> Cached,
    ImmutableArray<ReachableTable> Tables)
{
    /// <summary>The current PCID: 0 while PCIDs are off. Source: Intel SDM vol. 3A, 4.10.1.</summary>
    public Pcid Pcid => ControlSpec.PcidOf(Control, Control.Cr3);

    /// <summary>
    /// Where every walk begins that has nothing cached: in the top table, with nothing forbidden.
    /// </summary>
    public PartialWalk Root => new(
        Pcid,
        EntryFormat.LevelsOf(Control) + 1,
        default,
        EntryFormat.TopTable(Control.Cr3),
        Writable: true,
        User: true,
        Execute: true,
        default);
}

/// <summary>All CPUs and the table memory that they share.</summary>
/// <param name="Words">The words that are not background.</param>
/// <param name="Cpus">The CPUs.</param>
/// <param name="Memory">Where memory ends.</param>
/// <param name="Pages">The 4-KiB pages that are ever accessed: for others nothing need be known.</param>
/// <param name="Versions">How many versions there have been.</param>
public sealed record TlbState(
    ImmutableArray<KnownWord> Words,
    ImmutableArray<CpuState> Cpus,
    ByteCount Memory,
    ImmutableArray<LinearAddress> Pages,
    int Versions)
{
    /// <summary>The place of the word at <paramref name="address"/>, or -1 where there is background.</summary>
    public int IndexOf(PhysicalAddress address)
    {
        for (int index = 0; index < Words.Length; index++)
        {
            if (Words[index].Address == address)
            {
                return index;
            }
        }

        return -1;
    }
}
