using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// A memory whose words come from a function, such as a solver's model, for compiled methods to run
/// on. It keeps what was read, in order, and what was changed.
/// </summary>
public sealed class WordStore(ulong size, Func<ulong, ulong> content)
{
    private readonly Dictionary<ulong, ulong> _changed = [];
    private readonly List<ulong> _read = [];
    private readonly ulong _size = size;

    /// <summary>The addresses that were read or changed, in the order of the first time.</summary>
    public IReadOnlyList<ulong> Read => _read;

    /// <summary>The memory as a walker takes it.</summary>
    public View Memory => new(this);

    /// <summary>What an address holds now.</summary>
    public ulong this[ulong address] =>
        _changed.TryGetValue(address, out ulong changed) ? changed : content(address);

    private void Note(ulong address)
    {
        if (!_read.Contains(address))
        {
            _read.Add(address);
        }
    }

    /// <summary>The memory as a walker takes it.</summary>
    public readonly struct View(WordStore store) : IMarkableMemory
    {
        /// <inheritdoc/>
        public bool Contains(PhysicalAddress address) => address.Value < store._size;

        /// <inheritdoc/>
        public PagingEntry Read(PhysicalAddress address)
        {
            store.Note(address.Value);
            return new(store[address.Value]);
        }

        /// <inheritdoc/>
        public void Or(PhysicalAddress address, EntryBit bits)
        {
            store.Note(address.Value);
            store._changed[address.Value] = store[address.Value] | (ulong)bits;
        }
    }
}
