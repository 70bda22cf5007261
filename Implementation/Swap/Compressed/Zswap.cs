using System.Diagnostics;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Implementation.Swap.Compressed;

/// <summary>
/// A cache of compressed pages in front of swap devices, of which each sees its own slots alone, and all share the
/// pool and its limit. Each page of the cache has an entry in an array; those with something in the pool are linked
/// by age, and the oldest are written back to their device when the pool is at its limit. A page that is not in
/// the cache is on its device. No step allocates, but that arrays grow.
/// </summary>
public sealed class Zswap<TCompressor>(TCompressor compressor, int memoryPages)
    where TCompressor : struct, IPageCompressor
{
    // So many failures end an attempt to make room.
    private const int FailuresMost = 16;

    private const int PageSize = SizeClasses.PageSize;
    private const int OnDevice = 0;
    private const int Nothing = -1;
    private const int Percent = 100;

    private readonly byte[] _compressed = new byte[PageSize];
    private readonly byte[] _across = new byte[PageSize];
    private readonly byte[] _page = new byte[PageSize];
    private readonly CompressedPool _pool = new();
    private readonly List<Front> _fronts = [];

    // Number 0 is no entry, but the end of the list: its older is the youngest, its younger the oldest.
    private Entry[] _entries = new Entry[16];
    private int _entryCount = 1;
    private int _freeEntry;
    private bool _isFull;
    private ZswapStatistics _counts;

    /// <summary>Of how many pages of memory the pool can have a part.</summary>
    public int MemoryPages { get; set; } = memoryPages;

    /// <summary>Whether pages come in; what is here stays when none do any more.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>max_pool_percent.</summary>
    public int MaxPoolPercent { get; set; } = 20;

    /// <summary>accept_threshold_percent.</summary>
    public int AcceptPercent { get; set; } = 90;

    /// <summary>Whether a page that is loaded leaves the cache, because who loads it keeps it as changed.</summary>
    public bool ExclusiveLoads { get; set; }

    /// <summary>Where it is told what is written back; null when nobody asks.</summary>
    public List<PageWrittenBack>? Log { get; set; }

    public ZswapStatistics Statistics => _counts with { PoolTotalSize = (long)_pool.Pages * PageSize };

    private int PagesMax => (int)((long)MemoryPages * MaxPoolPercent / Percent);

    private int PagesAccepted => PagesMax * AcceptPercent / Percent;

    /// <summary>The device as it is behind the cache; a blank one holds nothing yet.</summary>
    public Front Attach(ISwapStorage device, bool isBlank = false)
    {
        Front front = new(this, _fronts.Count, device, isBlank ? Nothing : OnDevice);
        _fronts.Add(front);
        return front;
    }

    /// <summary>Writes so many of the oldest pages back, or fewer when there are no more.</summary>
    public bool Shrink(int count)
    {
        bool all = true;
        for (; count > 0 && _entries[0].Younger != 0; count--)
        {
            all &= WriteOldestBack();
        }

        return all;
    }

    /// <summary>Moves what is in the pool together; how many pages that frees.</summary>
    public int Compact() => _pool.Compact();

    private CompressedAnswer Store(Front front, int slot, ReadOnlySpan<byte> page)
    {
        // Even when the page does not get in here: what was here must not be written back over it.
        Drop(front, slot);
        int met = _pool.Pages;
        if (!IsEnabled || !Accepts())
        {
            return PassOn(front, slot, page) with { PagesMet = met };
        }

        if (SameFilled.TryFind(page, out ulong word))
        {
            Enter(front, slot, new() { Word = word });
            return new() { Outcome = CompressedOutcome.Done, Place = StoredPlace.Word, PagesMet = met };
        }

        int length = compressor.Compress(page, _compressed);
        if (length >= PageSize)
        {
            _counts = _counts with { RejectCompressPoor = _counts.RejectCompressPoor + 1 };
            return PassOn(front, slot, page) with { PagesMet = met, Length = length };
        }

        int handle = _pool.Store(_compressed.AsSpan(0, length));
        Enter(front, slot, new() { Handle = handle, Length = length });
        return new() { Outcome = CompressedOutcome.Done, Place = StoredPlace.Pool, PagesMet = met, Length = length };
    }

    private CompressedAnswer Load(Front front, int slot, Span<byte> page)
    {
        int number = front.Entries[slot];
        if (number == Nothing)
        {
            return new() { Outcome = CompressedOutcome.Empty };
        }

        var place = number == OnDevice ? StoredPlace.Device
            : _entries[number].Length == 0 ? StoredPlace.Word : StoredPlace.Pool;
        bool done = place == StoredPlace.Device ? front.Device.TryRead(slot, page) : TryBring(number, page);
        if (done && place != StoredPlace.Device)
        {
            if (ExclusiveLoads)
            {
                Drop(front, slot);
            }
            else if (place == StoredPlace.Pool)
            {
                Unlink(number);
                Link(number);
            }
        }

        return new() { Outcome = done ? CompressedOutcome.Done : CompressedOutcome.IoError, Place = place };
    }

    private void Release(Front front, int slot)
    {
        Drop(front, slot);
        front.Device.Forget(slot);
    }

    // Room is made before the page comes, and the pool accepts nothing until it has fallen to its threshold.
    private bool Accepts()
    {
        if (_pool.Pages >= PagesMax)
        {
            _counts = _counts with { PoolLimitHit = _counts.PoolLimitHit + 1 };
            _isFull = true;
        }
        else if (_pool.Pages <= PagesAccepted)
        {
            _isFull = false;
        }

        if (_isFull)
        {
            MakeRoom();
            _isFull = _pool.Pages >= PagesMax || _pool.Pages > PagesAccepted;
        }

        return !_isFull;
    }

    private void MakeRoom()
    {
        int failures = 0;
        do
        {
            if (_entries[0].Younger == 0)
            {
                return;
            }

            failures += WriteOldestBack() ? 0 : 1;
        }
        while (_pool.Pages > PagesAccepted && failures < FailuresMost);
    }

    // What the device does not take stays, and becomes the youngest, so that others have their turn.
    private bool WriteOldestBack()
    {
        int number = _entries[0].Younger, before = _pool.Pages;
        var (front, slot) = (_fronts[_entries[number].Front], _entries[number].Slot);
        bool written = TryBring(number, _page) && front.Device.TryWrite(slot, _page);
        if (written)
        {
            Remove(number);
            front.Entries[slot] = OnDevice;
            _counts = _counts with { WrittenBackPages = _counts.WrittenBackPages + 1 };
        }
        else
        {
            Unlink(number);
            Link(number);
            _counts = _counts with { RejectReclaimFail = _counts.RejectReclaimFail + 1 };
        }

        Log?.Add(new(new((ulong)slot), before, _pool.Pages, !written));
        return written;
    }

    private CompressedAnswer PassOn(Front front, int slot, ReadOnlySpan<byte> page)
    {
        bool done = front.Device.TryWrite(slot, page);
        front.Entries[slot] = done ? OnDevice : Nothing;
        return done ? new() { Outcome = CompressedOutcome.Done, Place = StoredPlace.Device }
            : new() { Outcome = CompressedOutcome.IoError };
    }

    private bool TryBring(int number, Span<byte> page)
    {
        ref var entry = ref _entries[number];
        if (entry.Length == 0)
        {
            SameFilled.Fill(page, entry.Word);
            return true;
        }

        return compressor.TryDecompress(_pool.Open(entry.Handle, entry.Length, _across), page);
    }

    private void Enter(Front front, int slot, Entry entry)
    {
        int number = _freeEntry;
        if (number == 0)
        {
            number = _entryCount++;
            if (number == _entries.Length)
            {
                Array.Resize(ref _entries, number * 2);
            }
        }
        else
        {
            _freeEntry = _entries[number].Younger;
        }

        _entries[number] = entry with { Front = front.Number, Slot = slot };
        front.Entries[slot] = number;
        bool isWord = entry.Length == 0;
        if (!isWord)
        {
            Link(number);
        }

        Count(isWord, 1);
    }

    // The slot holds nothing after it.
    private void Drop(Front front, int slot)
    {
        int number = front.Entries[slot];
        front.Entries[slot] = Nothing;
        if (number > OnDevice)
        {
            Remove(number);
        }
    }

    private void Remove(int number)
    {
        var entry = _entries[number];
        bool isWord = entry.Length == 0;
        if (!isWord)
        {
            Unlink(number);
            _pool.Free(entry.Handle, entry.Length);
        }

        (_entries[number].Younger, _freeEntry) = (_freeEntry, number);
        Count(isWord, -1);
    }

    private void Count(bool isWord, int by) => _counts = _counts with
    {
        StoredPages = _counts.StoredPages + by,
        SameFilledPages = _counts.SameFilledPages + (isWord ? by : 0),
    };

    // As the youngest.
    private void Link(int number)
    {
        int youngest = _entries[0].Older;
        (_entries[number].Older, _entries[number].Younger) = (youngest, 0);
        _entries[youngest].Younger = number;
        _entries[0].Older = number;
    }

    private void Unlink(int number)
    {
        var (older, younger) = (_entries[number].Older, _entries[number].Younger);
        _entries[older].Younger = younger;
        _entries[younger].Older = older;
    }

    private struct Entry
    {
        public ulong Word;
        public int Handle;
        public int Length;
        public int Front;
        public int Slot;
        public int Older;
        public int Younger;
    }

    /// <summary>A device behind the cache.</summary>
    public sealed class Front : ISwapStorage
    {
        private readonly Zswap<TCompressor> _cache;

        public Front(Zswap<TCompressor> cache, int number, ISwapStorage device, int first)
        {
            (_cache, Number, Device) = (cache, number, device);
            Entries = new int[device.Slots];
            Array.Fill(Entries, first);
        }

        public int Number { get; }

        public ISwapStorage Device { get; }

        public int Slots => Device.Slots;

        /// <summary>Whether the page of a slot is in the cache, and not on the device.</summary>
        public bool Holds(int slot) => Entries[slot] > OnDevice;

        /// <summary>Reads a page that is in the cache, and leaves its age as it is.</summary>
        public bool TryLook(int slot, Span<byte> page) => _cache.TryBring(Entries[slot], page);

        /// <summary>A page leaves the cache, since who has loaded it keeps it as changed.</summary>
        public void Take(int slot) => _cache.Drop(this, slot);

        // Of each slot its entry, or that its page is on the device, or that it holds nothing.
        public int[] Entries { get; }

        public CompressedAnswer Store(int slot, ReadOnlySpan<byte> page)
        {
            Debug.Assert(page.Length == PageSize, "A page is a page.");
            return _cache.Store(this, slot, page);
        }

        public CompressedAnswer Load(int slot, Span<byte> page) => _cache.Load(this, slot, page);

        public bool TryRead(int slot, Span<byte> page) => Load(slot, page).Outcome == CompressedOutcome.Done;

        public bool TryWrite(int slot, ReadOnlySpan<byte> page) => Store(slot, page).Outcome == CompressedOutcome.Done;

        public void Forget(int slot) => _cache.Release(this, slot);
    }
}
