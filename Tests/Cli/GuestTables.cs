using System.Buffers.Binary;
using PageProof.Contract.Paging;

namespace PageProof.Tests.Cli;

/// <summary>
/// The page tables of a guest: every size of page, at both ends of the address space, with all the
/// rights, and holes at each level. The top table also maps itself.
/// </summary>
public sealed class GuestTables
{
    /// <summary>Where the tables begin in the guest's memory.</summary>
    public const ulong Start = 0x10_0000;

    /// <summary>The 2 MiB below 4 GiB, which hold the guest's program.</summary>
    public const ulong Rom = 0xFFE0_0000;

    /// <summary>A page to store to, and another name of it to run what was stored.</summary>
    public const ulong Store = 0x7F00_1234_5000;
    public const ulong Run = 0x7F00_1234_6000;

    private const int TableBytes = 4096;
    private const EntryBit P = EntryBit.Present;
    private const EntryBit W = EntryBit.Writable;
    private const EntryBit U = EntryBit.User;
    private const EntryBit G = EntryBit.Global;
    private const EntryBit X = EntryBit.ExecuteDisable;
    private readonly int _levels;
    private readonly List<ulong[]> _tables = [new ulong[512]];
    private readonly List<ulong> _reads = [], _writes = [], _asked = [];

    public GuestTables(int levels)
    {
        _levels = levels;
        Map(Rom, 2, Rom, P, P | W);
        Map(Store, 1, 0x30_0000, P | W | X, P | W | U);
        Map(Run, 1, 0x30_0000, P, P | W | U);
        SmallPages(0x40_0000);
        SmallPages(0xFFFF_8880_0000_0000);
        LargePages(0x7F80_0000_0000, 2);
        LargePages(0xFFFF_FFFF_8000_0000, 2);
        LargePages(0x0012_8000_0000, 3);
        LargePages(0xFFFF_C000_0000_0000, 3);
        Holes();
        // The usual self-map, in a slot that nothing else uses.
        _tables[0][0x1ED] = Start | (ulong)(P | W);
    }

    /// <summary>The tables as they lie in memory from <see cref="Start"/> on.</summary>
    public byte[] Bytes()
    {
        var bytes = new byte[_tables.Count * TableBytes];
        for (int table = 0; table < _tables.Count; table++)
        {
            for (int index = 0; index < 512; index++)
            {
                int place = table * TableBytes + index * sizeof(ulong);
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(place), _tables[table][index]);
            }
        }

        return bytes;
    }

    /// <summary>Addresses that the guest reads, so that A becomes set on the way.</summary>
    public IReadOnlyList<ulong> Reads => _reads;

    /// <summary>Addresses that the guest writes, so that D becomes set.</summary>
    public IReadOnlyList<ulong> Writes => _writes;

    /// <summary>Addresses to ask about: in every page and hole.</summary>
    public IReadOnlyList<ulong> Asked => _asked;

    private void SmallPages(ulong start)
    {
        EntryBit[] bits = [W, U, G, X, EntryBit.CacheDisable, EntryBit.PatOfSmallPage];
        for (int page = 0; page < 1 << bits.Length; page++)
        {
            ulong address = start + (ulong)page * 0x1000;
            _asked.Add(address + (ulong)page * 61);
            if (page % 5 == 4)
            {
                continue;
            }

            var rights = P;
            for (int bit = 0; bit < bits.Length; bit++)
            {
                rights |= (page >> bit & 1) != 0 ? bits[bit] : EntryBit.None;
            }

            Map(address, 1, 0x40_0000 + (ulong)(page * 37 % 64) * 0x1000, rights, P | W | U);
            if (page % 3 != 0)
            {
                (rights.HasFlag(W) ? _writes : _reads).Add(address);
            }
        }
    }

    private void LargePages(ulong start, int level)
    {
        ulong size = 1UL << 12 + 9 * (level - 1);
        EntryBit[] rights = [P, P | W, P | U, P | W | U | X, P | G, P | W | X | EntryBit.WriteThrough];
        for (int page = 0; page < 2 * rights.Length; page += 2)
        {
            ulong address = start + (ulong)page * size;
            Map(address, level, (ulong)(page % 5) * size, rights[page / 2], P | W | U);
            _asked.AddRange([address, address + size - 1, address + size / 3, address + size + 0x123]);
        }

        _reads.Add(start);
    }

    // Absent entries of each level that are not empty: all their bits but P have no meaning.
    private void Holes()
    {
        const ulong Garbage = 0xFFF5_5AAA_5555_5EA6;
        for (int level = 1; level <= 3; level++)
        {
            ulong address = 0x5500_0000_0000 + ((ulong)level << 12 + 9 * (level - 1));
            Map(address, level, 0, EntryBit.None, P | W | U);
            Entry(address, level, P | W | U) = Garbage;
            _asked.Add(address + 0x7B);
        }

        _asked.AddRange(
        [
            0x2A00_0000_0000, 0x7FFF_FFFF_FFFF, 0x8000_0000_0000, 0xFFFF_7FFF_FFFF_FFFF,
            0x1234_5678_9ABC_DEF0, 1UL << 56, ulong.MaxValue, Store + 5, Run + 6, Rom + 7,
        ]);
    }

    private void Map(ulong address, int level, ulong frame, EntryBit rights, EntryBit above)
    {
        var size = level > 1 && rights.HasFlag(P) ? EntryBit.PageSize : EntryBit.None;
        Entry(address, level, above) = frame | (ulong)(rights | size);
    }

    private ref ulong Entry(ulong address, int level, EntryBit above)
    {
        int table = 0;
        for (int at = _levels; ; at--)
        {
            int index = (int)(address >> 12 + 9 * (at - 1)) & 0x1FF;
            if (at == level)
            {
                return ref _tables[table][index];
            }

            if (_tables[table][index] == 0)
            {
                _tables.Add(new ulong[512]);
                _tables[table][index] = Start + (ulong)(_tables.Count - 1) * TableBytes | (ulong)above;
            }

            table = (int)(((_tables[table][index] & 0xF_FFFF_FFFF_F000) - Start) / TableBytes);
        }
    }
}
