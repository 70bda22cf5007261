using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Benchmarks.Paging;

/// <summary>
/// Flat memory in which consecutive pages are mapped from linear address 0, one table of a level
/// after the other, A and D already set; and addresses of those pages in a random order.
/// </summary>
public sealed class MappedMemory
{
    private const ulong Flags = (ulong)(EntryBit.Present | EntryBit.Writable | EntryBit.User
        | EntryBit.Accessed | EntryBit.Dirty);

    private const int EntriesPerTable = 512;
    private readonly int _levels;
    private readonly int _leafLevel;
    private readonly ulong[] _tableAt = new ulong[6];

    /// <param name="levels">4 or 5.</param>
    /// <param name="leafLevel">1 for 4-KiB pages, 2 for 2-MiB pages, 3 for 1-GiB pages.</param>
    /// <param name="pages">How many pages: it decides in which cache their entries fit.</param>
    /// <param name="holdsPages">Whether there is memory for the pages, too, and not for their tables alone.</param>
    public MappedMemory(int levels, int leafLevel, int pages, bool holdsPages = false)
    {
        (_levels, _leafLevel) = (levels, leafLevel);
        ulong next = 0x1000;
        for (int level = levels; level >= leafLevel; level--)
        {
            _tableAt[level] = next;
            next += (ulong)TablesAt(level, pages) * 0x1000;
        }

        next = holdsPages ? Math.Max(next, (ulong)pages << 12 + 9 * (leafLevel - 1)) : next;
        Words = new ulong[next / 8];
        Size = new(next);
        for (int level = levels; level >= leafLevel; level--)
        {
            Fill(level, pages);
        }

        Addresses = RandomAddresses(pages);
    }

    public ulong[] Words { get; }

    public ByteCount Size { get; }

    public ulong Top => _tableAt[_levels];

    /// <summary>A power of two of addresses within the pages.</summary>
    public ulong[] Addresses { get; }

    public FlatMemory Memory => new(Words, Size);

    /// <summary>Long mode with all permission checks switched on.</summary>
    public ControlState Control => ControlState.LongMode with
    {
        Cr0 = Cr0.WriteProtect,
        Cr3 = new(Top),
        Cr4 = Cr4.PhysicalAddressExtension | Cr4.PageGlobalEnable | Cr4.SupervisorExecutionPrevention
            | Cr4.SupervisorAccessPrevention | Cr4.ProtectionKeys
            | (_levels == 5 ? Cr4.FiveLevelPaging : Cr4.None),
        Efer = Efer.LongModeEnable | Efer.NoExecuteEnable,
        MaxPhyAddr = new(46),
        HasGigabytePages = true,
    };

    private int TablesAt(int level, int pages)
    {
        int entries = pages;
        for (int below = _leafLevel; below < level; below++)
        {
            entries = (entries + EntriesPerTable - 1) / EntriesPerTable;
        }

        return (entries + EntriesPerTable - 1) / EntriesPerTable;
    }

    private void Fill(int level, int pages)
    {
        bool leaf = level == _leafLevel;
        int count = leaf ? pages : TablesAt(level - 1, pages);
        for (int entry = 0; entry < count; entry++)
        {
            ulong leadsTo = leaf
                ? (ulong)entry << 12 + 9 * (level - 1)
                : _tableAt[level - 1] + (ulong)entry * 0x1000;
            ulong size = leaf && level > 1 ? (ulong)EntryBit.PageSize : 0;
            Words[_tableAt[level] / 8 + (ulong)entry] = leadsTo | Flags | size;
        }
    }

    private ulong[] RandomAddresses(int pages)
    {
        // A fixed multiplicative sequence: the same addresses in each run.
        const int CountMax = 1 << 16;
        int shift = 12 + 9 * (_leafLevel - 1);
        var addresses = new ulong[Math.Min(CountMax, pages * 8)];
        ulong state = 1;
        for (int index = 0; index < addresses.Length; index++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            addresses[index] = (state >> 33) % (ulong)pages << shift | (state >> 20 & 0xFF8);
        }

        return addresses;
    }
}
