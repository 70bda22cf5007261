using System.Runtime.CompilerServices;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// A row of rights for an access that is no shadow stack's, on a hit: D is wanted as the rights are, R/W of
/// the leaf and of the entries above, and a bit that none may have is one that the entry must have clear. P is
/// wanted too, so zero, which is no entry, permits nothing.
/// </summary>
internal readonly struct PlainRights
{
    private readonly ulong _judged;
    private readonly ulong _wanted;

    // For each key whether it denies a user page, in the place of U/S; twice, since XD lies above the key.
    private readonly ulong _keys;

    public PlainRights(in AccessRow row, uint pkru)
    {
        ulong above = (row.Judged & EntryBits.Writable) != 0 ? CachedEntry.WritableAbove : 0;
        _judged = row.Judged | row.Barred | row.DirtyBit | EntryBits.Present | above;
        _wanted = row.Wanted | row.DirtyBit | EntryBits.Present | above;
        ulong denied = EvenBits((row.KeyBits & 1) * pkru | (row.KeyBits >> 1) * (pkru >> 1));
        _keys = (denied | denied << 16) * EntryBits.User;
    }

    /// <summary>Zero when a plain access may use the translation as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Denied(ulong entry) =>
        (entry ^ _wanted) & _judged | _keys >> (int)(entry >> EntryBits.KeyShift) & entry & EntryBits.User;

    // The 16 bits of even number, next to each other: PKRU has two bits for each key.
    private static uint EvenBits(uint bits)
    {
        bits &= 0x5555_5555;
        bits = (bits | bits >> 1) & 0x3333_3333;
        bits = (bits | bits >> 2) & 0x0F0F_0F0F;
        bits = (bits | bits >> 4) & 0x00FF_00FF;
        return (bits | bits >> 8) & 0xFFFF;
    }
}

/// <summary>
/// A translation in one word: the leaf, in which U/S and XD are those of the whole walk, and an ignored
/// bit tells R/W of the entries above. So an access is judged on a hit by the same row of bits as in a walk,
/// and under the registers as they are then.
/// </summary>
internal static class CachedEntry
{
    /// <summary>R/W of the entries above the leaf.</summary>
    public const ulong WritableAbove = 1UL << WritableAboveShift;

    private const int WritableAboveShift = 9;

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

    /// <summary>The leaf, with R/W only where the entries above have it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Effective(ulong entry) =>
        entry & (entry >> WritableAboveShift - EntryBits.WritableShift | ~EntryBits.Writable);
}
