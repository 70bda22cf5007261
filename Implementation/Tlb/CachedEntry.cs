using System.Runtime.CompilerServices;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// A row of rights for an access that is no shadow stack's, on a hit: D is wanted as the rights are, and a
/// bit that none may have is one that the entry must have clear.
/// </summary>
internal readonly struct PlainRights(in AccessRow row)
{
    public readonly ulong Judged = row.Judged | row.Barred | row.DirtyBit;
    public readonly ulong Wanted = row.Wanted | row.DirtyBit;
    public readonly uint KeyBits = row.KeyBits;
}

/// <summary>
/// A translation in one word: the leaf, in which U/S and XD are those of the whole walk, and an ignored
/// bit tells R/W of the entries above. So an access is judged on a hit by the same row of bits as in a walk,
/// and under the registers as they are then.
/// </summary>
internal static class CachedEntry
{
    private const int WritableAboveShift = 9;
    private const ulong WritableAbove = 1UL << WritableAboveShift;

    /// <summary>The word of a leaf and of what the entries above it have all, and any.</summary>
    public static ulong Of(ulong leaf, ulong and, ulong or) =>
        leaf & ~(EntryBits.User & ~and | WritableAbove)
            | or & EntryBits.ExecuteDisable
            | (and & EntryBits.Writable) << WritableAboveShift - EntryBits.WritableShift;

    /// <summary>Where an address of the page of an entry of this level goes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong PhysicalOf(ulong entry, int level, ulong address)
    {
        ulong offset = (1UL << 12 + 9 * (level - 1)) - 1;
        return (entry & EntryBits.Frame & ~offset) | (address & offset);
    }

    extension(in WalkTables tables)
    {
        /// <summary>Zero when the translation permits the access of this row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Denied(in AccessRow row, ulong entry)
        {
            ulong all = Effective(entry);
            ulong shadowStack = entry >> WritableAboveShift & entry >> EntryBits.DirtyShift;

            // Adding 3 carries any key bit into the place of U/S: a key binds user pages only.
            return (all ^ row.Wanted) & row.Judged
                | entry & row.Barred
                | ~shadowStack & row.ShadowStack
                | tables.KeyDenies(row, entry) + 3 & all & EntryBits.User;
        }

        /// <summary>Zero when a plain access may use the translation as it is.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Denied(in PlainRights rights, ulong entry)
        {
            ulong all = Effective(entry);
            uint key = tables.Pkru >> tables.KeyShift(entry) & rights.KeyBits;
            return (all ^ rights.Wanted) & rights.Judged | key + 3 & all & EntryBits.User;
        }

        /// <summary>Why the translation does not permit the access of this row.</summary>
        public PageFaultCode Cause(in AccessRow row, ulong entry) =>
            tables.KeyDenies(row, entry) != 0 && (entry & EntryBits.User) != 0
                ? PageFaultCode.Present | PageFaultCode.ProtectionKey
                : PageFaultCode.Present;

        /// <summary>The end of an access that the translation permits.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TranslationOutcome Translated(ulong entry, int level, ulong address, bool global)
        {
            int patShift = level == 1 ? EntryBits.SmallPatShift : EntryBits.LargePatShift;
            int pat = (int)((entry >> patShift & 1) << 2 | (entry >> EntryBits.CachingShift & 3));
            ulong all = Effective(entry);
            ulong shadowStack = entry >> WritableAboveShift & ~entry >> EntryBits.WritableShift
                & entry >> EntryBits.DirtyShift & tables.ShadowStackMask;
            return TranslationOutcome.Translated(
                new(PhysicalOf(entry, level, address)),
                (PageSize)(12 + 9 * (level - 1)),
                (PageRights)(all >> EntryBits.WritableShift & 3)
                    | (PageRights)(~entry >> 61 & 4)
                    | (PageRights)(shadowStack << 3),
                global,
                (entry & EntryBits.Dirty) != 0,
                new((byte)((uint)tables.KeyShift(entry) >> 1)),
                (MemoryType)(tables.Pat >> 8 * pat & 7));
        }

        private uint KeyDenies(in AccessRow row, ulong entry) => tables.Pkru >> tables.KeyShift(entry) & row.KeyBits;

        private int KeyShift(ulong entry) => (int)(entry >> EntryBits.KeyShift - 1) & tables.KeyShiftMask;
    }

    // R/W of the leaf counts only where the entries above have it.
    private static ulong Effective(ulong entry) =>
        entry & (entry >> WritableAboveShift - EntryBits.WritableShift | ~EntryBits.Writable);
}
