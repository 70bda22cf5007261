using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Spec.Paging;

/// <summary>
/// The end of a walk, and the level of the entry where it came: of the leaf, or where a fault arose.
/// Zero when no entry was read.
/// </summary>
public readonly record struct WalkEnd(TranslationOutcome Outcome, int Level);

/// <summary>
/// Translation of a linear address in long mode with 4 or 5 levels: the part that the manual
/// determines. What a walk may leave in memory is <see cref="AccessedDirtySpec"/>.
/// Source: Intel SDM vol. 3A, 4.5 to 4.7.
/// </summary>
public static class WalkSpec
{
    /// <summary>How the access ends. Reads memory, and never writes it.</summary>
    [Lifted("paging.spec.walk")]
    public static WalkEnd Walk<TMemory>(
        in ControlState control, in Access access, in TMemory memory)
        where TMemory : struct, IPhysicalMemory, allows ref struct
    {
        int levels = EntryFormat.LevelsOf(control);

        // The address is tested before any table is read.
        if (!CanonicalSpec.IsCanonical(access.Address, levels))
        {
            return new(CanonicalSpec.NotCanonical(access), 0);
        }

        PhysicalAddress table = EntryFormat.TopTable(control.Cr3);
        bool writable = true, user = true, execute = true;
        for (int level = levels; level >= 1; level--)
        {
            PhysicalAddress address = EntryFormat.EntryAddress(table, access.Address, level);
            if (!memory.Contains(address))
            {
                return new(TranslationOutcome.OutsideMemory(address), level);
            }

            PagingEntry entry = memory.Read(address);

            // 4.7: P = 0 is found first, and no other bit of the entry counts; then reserved bits.
            if (!EntryFormat.Has(entry, EntryBit.Present))
            {
                return Fault(control, access, PageFaultCode.None, level);
            }

            if (EntryFormat.IsReserved(control, entry, level))
            {
                return Fault(control, access, PageFaultCode.Present | PageFaultCode.Reserved, level);
            }

            // 4.6.1: U/S must be 1 in every entry, XD in none; R/W above the leaf and in the leaf
            // are kept apart for shadow stacks.
            user &= EntryFormat.Has(entry, EntryBit.User);
            execute &= !EntryFormat.Has(entry, EntryBit.ExecuteDisable);
            if (EntryFormat.IsLeaf(entry, level))
            {
                PageRights rights =
                    PermissionSpec.RightsOf(control, writable, user, execute, entry);
                return AtLeaf(control, access, entry, level, rights);
            }

            writable &= EntryFormat.Has(entry, EntryBit.Writable);
            table = EntryFormat.NextTable(entry);
        }

        // A page table holds leaves only, so the loop has ended before.
        throw new System.Diagnostics.UnreachableException();
    }

    /// <summary>Rights are judged only here, when every entry is present and legal.</summary>
    private static WalkEnd AtLeaf(
        in ControlState control, in Access access, PagingEntry leaf, int level, PageRights rights)
    {
        ProtectionKey key = EntryFormat.KeyOf(control, leaf);
        if (!PermissionSpec.KeyPermits(control, access, rights, key))
        {
            // 4.7: PK is told whenever the key forbids, also when the rights do so too.
            PageFaultCode cause = PageFaultCode.Present | PageFaultCode.ProtectionKey;
            return Fault(control, access, cause, level);
        }

        if (!PermissionSpec.Permits(control, access, rights))
        {
            return Fault(control, access, PageFaultCode.Present, level);
        }

        bool global = EntryFormat.Has(leaf, EntryBit.Global)
            && EntryFormat.Has(control, Cr4.PageGlobalEnable);
        bool dirty = EntryFormat.Has(leaf, EntryBit.Dirty) || PermissionSpec.IsWrite(access.Kind);
        return new(
            TranslationOutcome.Translated(
                EntryFormat.InPage(leaf, access.Address, level),
                EntryFormat.SizeOf(level),
                rights,
                global,
                dirty,
                key,
                EntryFormat.TypeOf(control, leaf, level)),
            level);
    }

    private static WalkEnd Fault(
        in ControlState control, in Access access, PageFaultCode cause, int level) =>
        new(
            TranslationOutcome.PageFault(
                PermissionSpec.CodeOf(control, access, cause), access.Address),
            level);
}
