using System.Numerics;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Implementation.Swap.Compressed;

/// <summary>
/// A disk that is memory: each of its pages is a word when it is that word over and over, or lies compressed in the
/// pool, or as it is when that takes no more memory, or on a backing device. A page that was never written reads as
/// zeros. What is known of a page is a record in an array; no step allocates, but that the pool grows.
/// </summary>
/// <param name="compressor">What compresses.</param>
/// <param name="slots">How many pages the disk has.</param>
/// <param name="backing">The backing device, whose first page is not used; null for none.</param>
public sealed class Zram<TCompressor>(TCompressor compressor, int slots, ISwapStorage? backing) : ISwapStorage
    where TCompressor : struct, IPageCompressor
{
    private const int PageSize = SizeClasses.PageSize;
    private const int BitsPerWord = 64;

    private readonly byte[] _compressed = new byte[PageSize];
    private readonly byte[] _across = new byte[PageSize];
    private readonly byte[] _page = new byte[PageSize];
    private readonly CompressedPool _pool = new();
    private readonly Record[] _slots = new Record[slots];

    // Which pages of the backing device are in use.
    private readonly ulong[] _blocks = new ulong[((backing?.Slots ?? 0) + BitsPerWord - 1) / BitsPerWord];
    private ZramStatistics _counts;
    private long _pages;

    public int Slots => slots;

    /// <summary>mem_limit, in pages; 0 for none.</summary>
    public int LimitPages { get; set; }

    /// <summary>Where it is told what is written back; null when nobody asks.</summary>
    public List<PageWrittenBack>? Log { get; set; }

    public ZramStatistics Statistics => _counts with
    {
        OrigDataSize = _pages * PageSize,
        ComprDataSize = _pool.Bytes,
        MemUsedTotal = (long)_pool.Pages * PageSize,
        MemLimit = (long)LimitPages * PageSize,
    };

    public bool TryRead(int slot, Span<byte> page) => Load(slot, page).Outcome == CompressedOutcome.Done;

    public bool TryWrite(int slot, ReadOnlySpan<byte> page) => Store(slot, page).Outcome == CompressedOutcome.Done;

    /// <summary>The slot holds nothing any more.</summary>
    public void Forget(int slot) => Free(slot);

    /// <summary>Stores a page; what the slot held is gone in any case.</summary>
    public CompressedAnswer Store(int slot, ReadOnlySpan<byte> page)
    {
        Free(slot);
        int met = _pool.Pages;
        if (SameFilled.TryFind(page, out ulong word))
        {
            _slots[slot] = new() { Word = word, Place = StoredPlace.Word };
            _counts = _counts with { SamePages = _counts.SamePages + 1 };
            _pages++;
            return new() { Outcome = CompressedOutcome.Done, Place = StoredPlace.Word, PagesMet = met };
        }

        int length = compressor.Compress(page, _compressed);
        bool isRaw = length >= _pool.HugeFrom;
        var stored = isRaw ? page : _compressed.AsSpan(0, length);
        int handle = _pool.Store(stored);
        _counts = _counts with { MemUsedMax = Math.Max(_counts.MemUsedMax, (long)_pool.Pages * PageSize) };
        if (LimitPages != 0 && _pool.Pages > LimitPages)
        {
            _pool.Free(handle, stored.Length);
            _counts = _counts with { FailedWrites = _counts.FailedWrites + 1 };
            return new() { Outcome = CompressedOutcome.IoError, PagesMet = met, Length = length };
        }

        var place = isRaw ? StoredPlace.Raw : StoredPlace.Pool;
        _slots[slot] = new() { Handle = handle, Length = stored.Length, Place = place };
        _pages++;
        if (isRaw)
        {
            _counts = _counts with
            {
                HugePages = _counts.HugePages + 1,
                HugePagesSince = _counts.HugePagesSince + 1,
            };
        }

        return new() { Outcome = CompressedOutcome.Done, Place = place, PagesMet = met, Length = length };
    }

    public CompressedAnswer Load(int slot, Span<byte> page)
    {
        ref var record = ref _slots[slot];
        record.IsIdle = false;
        bool done = TryBring(record, page);
        if (!done)
        {
            _counts = _counts with { FailedReads = _counts.FailedReads + 1 };
        }

        return new()
        {
            Outcome = done ? CompressedOutcome.Done : CompressedOutcome.IoError,
            Place = record.Place,
        };
    }

    /// <summary>Calls every page idle until somebody asks for it.</summary>
    public void MarkIdle()
    {
        foreach (ref var record in _slots.AsSpan())
        {
            record.IsIdle = record.Place != StoredPlace.None;
        }
    }

    /// <summary>
    /// Writes pages to the backing device, in the order of their slots; one that it does not take stays where it is.
    /// </summary>
    public CompressedOutcome WriteBack(WriteBackKinds which)
    {
        var outcome = CompressedOutcome.Done;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (!IsMeant(_slots[slot], which))
            {
                continue;
            }

            if (!TryTakeBlock(out int block))
            {
                return CompressedOutcome.NoSpace;
            }

            outcome = TryWriteBack(slot, block) ? outcome : CompressedOutcome.IoError;
        }

        return outcome;
    }

    /// <summary>Moves what is in the pool together.</summary>
    public void Compact() =>
        _counts = _counts with { PagesCompacted = _counts.PagesCompacted + _pool.Compact() };

    private static bool IsMeant(in Record record, WriteBackKinds which) =>
        record.Place is StoredPlace.Pool or StoredPlace.Raw
        && (!which.HasFlag(WriteBackKinds.Huge) || record.Place == StoredPlace.Raw)
        && (!which.HasFlag(WriteBackKinds.Idle) || record.IsIdle);

    private bool TryWriteBack(int slot, int block)
    {
        int before = _pool.Pages;
        bool written = TryBring(_slots[slot], _page) && backing!.TryWrite(block, _page);
        if (written)
        {
            Free(slot);
            _slots[slot] = new() { Handle = block, Place = StoredPlace.Device };
            _pages++;
            _counts = _counts with { BdCount = _counts.BdCount + 1, BdWrites = _counts.BdWrites + 1 };
        }
        else
        {
            GiveBlock(block);
        }

        Log?.Add(new(new((ulong)slot), before, _pool.Pages, !written));
        return written;
    }

    private bool TryBring(in Record record, Span<byte> page)
    {
        switch (record.Place)
        {
            case StoredPlace.Device:
                _counts = _counts with { BdReads = _counts.BdReads + 1 };
                return backing!.TryRead(record.Handle, page);
            case StoredPlace.Raw:
                _pool.Open(record.Handle, PageSize, _across).CopyTo(page);
                return true;
            case StoredPlace.Pool:
                return compressor.TryDecompress(_pool.Open(record.Handle, record.Length, _across), page);
            default:
                SameFilled.Fill(page, record.Word);
                return true;
        }
    }

    private void Free(int slot)
    {
        var record = _slots[slot];
        _slots[slot] = default;
        _pages -= record.Place == StoredPlace.None ? 0 : 1;
        switch (record.Place)
        {
            case StoredPlace.Word:
                _counts = _counts with { SamePages = _counts.SamePages - 1 };
                break;
            case StoredPlace.Pool:
                _pool.Free(record.Handle, record.Length);
                break;
            case StoredPlace.Raw:
                _pool.Free(record.Handle, record.Length);
                _counts = _counts with { HugePages = _counts.HugePages - 1 };
                break;
            case StoredPlace.Device:
                GiveBlock(record.Handle);
                _counts = _counts with { BdCount = _counts.BdCount - 1 };
                break;
        }
    }

    private bool TryTakeBlock(out int block)
    {
        for (int word = 0; word < _blocks.Length; word++)
        {
            // The first page of a device is not used.
            ulong taken = _blocks[word] | (word == 0 ? 1UL : 0);
            block = word * BitsPerWord + BitOperations.TrailingZeroCount(~taken);
            if (taken != ulong.MaxValue && block < backing!.Slots)
            {
                _blocks[word] |= 1UL << block;
                return true;
            }
        }

        block = 0;
        return false;
    }

    private void GiveBlock(int block)
    {
        _blocks[block / BitsPerWord] &= ~(1UL << block);
        backing!.Forget(block);
    }

    private struct Record
    {
        // The word of a page of one; where the page lies in the pool or on the backing device.
        public ulong Word;
        public int Handle;
        public int Length;
        public StoredPlace Place;
        public bool IsIdle;
    }
}
