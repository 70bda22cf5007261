using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;

namespace PageProof.Implementation.Paging;

/// <summary>
/// Physical memory from address 0 as one array of quadwords. The range is tested by
/// <see cref="Contains"/> alone: a second test in each read costs a walk a tenth of its time.
/// </summary>
public readonly struct FlatMemory : IMarkableMemory, IEditableMemory
{
    private readonly ulong[] _words;
    private readonly ulong _size;

    /// <exception cref="ArgumentOutOfRangeException">The size is more than the words hold.</exception>
    public FlatMemory(ulong[] words, ByteCount size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size.Value, (ulong)words.Length * 8);
        _words = words;
        _size = size.Value;
    }

    public bool Contains(PhysicalAddress address) => address.Value < _size;

    public PagingEntry Read(PhysicalAddress address) => new(WordAt(address));

    public void Or(PhysicalAddress address, EntryBit bits) =>
        Interlocked.Or(ref WordAt(address), (ulong)bits);

    public void Write(PhysicalAddress address, PagingEntry entry) => WordAt(address) = entry.Value;

    public PagingEntry Exchange(PhysicalAddress address, PagingEntry entry) =>
        new(Interlocked.Exchange(ref WordAt(address), entry.Value));

    public PagingEntry CompareExchange(PhysicalAddress address, PagingEntry entry, PagingEntry expected) =>
        new(Interlocked.CompareExchange(ref WordAt(address), entry.Value, expected.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref ulong WordAt(PhysicalAddress address)
    {
        Debug.Assert(Contains(address), "Whoever reads has asked whether there is memory.");
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), (nint)(address.Value >> 3));
    }
}
