using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;

namespace PageProof.Properties.Hardening;

/// <summary>
/// The tables of a kernel as its door shows them, as the memory of a walk: each is asked for once after every
/// command, and nothing else is in memory.
/// </summary>
internal sealed class KptiTables(IKpti door)
{
    private const int EntriesOfTable = 512;
    private const ulong TableBytes = 8 * EntriesOfTable;

    private readonly Dictionary<ulong, PagingEntry[]?> _known = [];
    private readonly Stack<PagingEntry[]> _spare = [];
    private PagingEntry[]? _last;
    private ulong _lastAddress = ulong.MaxValue;

    /// <summary>Whatever was shown is old now.</summary>
    public void Forget()
    {
        foreach (var table in _known.Values)
        {
            if (table is not null)
            {
                _spare.Push(table);
            }
        }

        _known.Clear();
        _lastAddress = ulong.MaxValue;
    }

    public Memory Read() => new(this);

    private PagingEntry[]? TableAt(ulong address)
    {
        ulong table = address & ~(TableBytes - 1);
        if (table == _lastAddress)
        {
            return _last;
        }

        if (!_known.TryGetValue(table, out _last))
        {
            var entries = _spare.TryPop(out var spare) ? spare : new PagingEntry[EntriesOfTable];
            _last = door.TryShow(new(table), entries) ? entries : null;
            _known[table] = _last;
        }

        _lastAddress = table;
        return _last;
    }

    public readonly struct Memory(KptiTables tables) : IPhysicalMemory
    {
        public bool Contains(PhysicalAddress address) => tables.TableAt(address.Value) is not null;

        public PagingEntry Read(PhysicalAddress address) =>
            tables.TableAt(address.Value) is { } table ? table[(int)(address.Value % TableBytes / 8)] : default;
    }
}
