namespace PageProof.Implementation.Paging;

/// <summary>The bits of a raw entry, as the walker tests them.</summary>
internal static class EntryBits
{
    public const ulong Present = 1UL << 0;
    public const ulong Writable = 1UL << WritableShift;
    public const ulong User = 1UL << 2;
    public const ulong Accessed = 1UL << 5;
    public const ulong Dirty = 1UL << DirtyShift;
    public const ulong PageSize = 1UL << 7;
    public const ulong Global = 1UL << 8;
    public const ulong ExecuteDisable = 1UL << 63;
    public const ulong Frame = 0x000F_FFFF_FFFF_F000;

    public const ulong SmallPageOffset = (1UL << 12) - 1;
    public const ulong LargePageOffset = (1UL << 21) - 1;
    public const ulong GigabytePageOffset = (1UL << 30) - 1;

    public const int WritableShift = 1;
    public const int CachingShift = 3;
    public const int DirtyShift = 6;
    public const int SmallPatShift = 7;
    public const int LargePatShift = 12;
    public const int KeyShift = 59;

    extension(ulong entry)
    {
        public bool IsPresent => (entry & Present) != 0;

        public bool IsLargePage => (entry & PageSize) != 0;
    }
}
