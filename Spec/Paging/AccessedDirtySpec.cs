using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Spec.Paging;

/// <summary>
/// What a walk may and must leave in the tables. A may be set in each entry that the walk used, also
/// when it ends in a fault; a completed walk has set A in all of them, and D in the leaf when it
/// wrote. Nothing else changes. Source: Intel SDM vol. 3A, 4.8.
/// </summary>
public static class AccessedDirtySpec
{
    /// <summary>
    /// Whether the word at <paramref name="address"/> may hold <paramref name="left"/> after the
    /// walk. One word may serve several levels: it then owes, and is allowed, what each of them is.
    /// </summary>
    [Lifted("paging.spec.permits")]
    public static bool Permits<TMemory>(
        in ControlState control,
        in Access access,
        in TMemory memory,
        PhysicalAddress address,
        PagingEntry left)
        where TMemory : struct, IPhysicalMemory, allows ref struct
    {
        ulong before = memory.Read(address).Value;
        EntryBit used = UsedAs(control, access, memory, address);
        bool completes =
            WalkSpec.Walk(control, access, memory).Outcome.Kind == OutcomeKind.Translated;

        // 4.8: an entry that is used in a translation gets A, and the entry that maps a page gets D
        // when the page is written.
        bool writes = PermissionSpec.IsWrite(access.Kind);
        EntryBit may = completes && writes ? used : used & EntryBit.Accessed;
        EntryBit must = completes ? may : EntryBit.None;
        ulong set = left.Value & ~before;
        ulong cleared = before & ~left.Value;
        ulong owed = (ulong)must & ~left.Value;
        return cleared == 0 && owed == 0 && (set & ~(ulong)may) == 0;
    }

    /// <summary>
    /// A, if the walk reaches the word at <paramref name="target"/> as a present and legal entry, and
    /// D, if it does so as a leaf. Nothing below an absent or reserved entry is reached.
    /// </summary>
    private static EntryBit UsedAs<TMemory>(
        in ControlState control, in Access access, in TMemory memory, PhysicalAddress target)
        where TMemory : struct, IPhysicalMemory, allows ref struct
    {
        int levels = EntryFormat.LevelsOf(control);
        if (!CanonicalSpec.IsCanonical(access.Address, levels))
        {
            return EntryBit.None;
        }

        EntryBit used = EntryBit.None;
        PhysicalAddress table = EntryFormat.TopTable(control.Cr3);
        for (int level = levels; level >= 1; level--)
        {
            PhysicalAddress address = EntryFormat.EntryAddress(table, access.Address, level);
            if (!memory.Contains(address))
            {
                return used;
            }

            PagingEntry entry = memory.Read(address);
            if (!EntryFormat.Has(entry, EntryBit.Present)
                || EntryFormat.IsReserved(control, entry, level))
            {
                return used;
            }

            bool leaf = EntryFormat.IsLeaf(entry, level);
            if (address == target)
            {
                used |= leaf ? EntryBit.Accessed | EntryBit.Dirty : EntryBit.Accessed;
            }

            if (leaf)
            {
                return used;
            }

            table = EntryFormat.NextTable(entry);
        }

        throw new System.Diagnostics.UnreachableException();
    }
}
