using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;

namespace PageProof.Properties.PageTables;

/// <summary>
/// The tables of an address space as its door shows them; each is asked for once after every command.
/// </summary>
internal sealed class ShownTables(IPageTable door)
{
    private const int EntriesOfTable = 512;
    private const ulong TableBytes = 8 * EntriesOfTable;

    private readonly PagingEntry[][] _tables =
        [.. Enumerable.Range(0, 1 + door.Capabilities.Tables).Select(_ => new PagingEntry[EntriesOfTable])];
    private readonly bool[] _known = new bool[1 + door.Capabilities.Tables];
    private PagingEntry[] _last = [];
    private ulong _lastAddress = ulong.MaxValue;

    /// <summary>Whatever was shown is old now.</summary>
    public void Forget()
    {
        _known.AsSpan().Clear();
        _lastAddress = ulong.MaxValue;
    }

    public Memory Read() => new(this, door.Top.Value);

    private PagingEntry At(ulong address)
    {
        // Entries of one table are mostly read one after the other.
        if ((address & ~(TableBytes - 1)) != _lastAddress)
        {
            _lastAddress = address & ~(TableBytes - 1);
            int number = (int)((_lastAddress - door.Top.Value) / TableBytes);
            _last = _tables[number];
            if (!_known[number])
            {
                door.Show(new(_lastAddress), _last);
                _known[number] = true;
            }
        }

        return _last[(int)(address % TableBytes / 8)];
    }

    /// <summary>The tables as the memory of a walk: nothing else is in it.</summary>
    public readonly struct Memory(ShownTables tables, ulong top) : IPhysicalMemory
    {
        public bool Contains(PhysicalAddress address) =>
            address.Value - top < (ulong)tables._tables.Length * TableBytes;

        public PagingEntry Read(PhysicalAddress address) => tables.At(address.Value);
    }
}
