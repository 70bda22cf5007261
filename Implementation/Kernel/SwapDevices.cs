using System.Diagnostics;
using System.Runtime.InteropServices;
using PageProof.Contract.Kernel;
using PageProof.Contract.Swap;
using PageProof.Contract.Swap.Compressed;
using PageProof.Implementation.Swap;
using PageProof.Implementation.Swap.Compressed;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// The devices that pages can be swapped to with zswap in front of them, the slots of those that are on, and the pages
/// that are in a slot and in a frame at once. Any one transfer can be made to fail.
/// </summary>
internal sealed class SwapDevices(int frames) : IDisposable
{
    // Few, so that devices of one priority take turns soon.
    private const int ClusterShift = 2;

    private readonly SwapTransfers _transfers = new();
    private readonly CompressorChoice _choice = new();
    private readonly SwapDevice?[] _devices = new SwapDevice?[KernelSequence.SwapSlots.Length];
    private readonly Zswap<EitherCompressor>.Front?[] _fronts =
        new Zswap<EitherCompressor>.Front?[KernelSequence.SwapSlots.Length];
    private readonly SwapAreaNumber?[] _areas = new SwapAreaNumber?[KernelSequence.SwapSlots.Length];
    private Zswap<EitherCompressor>? _pool;

    /// <summary>The slots.</summary>
    public SwapSpace Space { get; private set; } = new(ClusterShift);

    /// <summary>The pages that have a slot and a frame.</summary>
    public SwapCache Cache { get; } = new(frames);

    /// <summary>How many devices are on.</summary>
    public int On { get; private set; }

    /// <summary>Which transfer from now on fails; 0 for none.</summary>
    public ulong FailsIn
    {
        get => _transfers.FailsIn;
        set => _transfers.FailsIn = value;
    }

    /// <summary>What has been done so far.</summary>
    public ref ReclaimCounts Counts => ref _transfers.Counts;

    /// <summary>What zswap says of itself.</summary>
    public ZswapStatistics Statistics => _pool?.Statistics ?? default;

    // What a sequence has not used is not made anew for the next.
    private Zswap<EitherCompressor> Pool => _pool ??= new(new(_choice), 0) { MaxPoolPercent = 100, IsEnabled = false };

    /// <summary>No device is on, nothing is compressed, and nothing is to fail.</summary>
    public void Reset()
    {
        if (_pool is not null)
        {
            Space = new(ClusterShift);
            Cache.Clear();
            _areas.AsSpan().Clear();
            _fronts.AsSpan().Clear();
            _pool = null;
        }

        (On, FailsIn, Counts) = (0, 0, default);
    }

    /// <summary>The number under which entries know a device; null while it is off.</summary>
    public SwapAreaNumber? AreaOf(int device) => _areas[device];

    /// <summary>Pages can go to a device from now on.</summary>
    public void SwitchOn(int device, int? priority)
    {
        // One more, which holds the header.
        var behind = _devices[device] ??= new(_transfers, KernelSequence.SwapSlots[device] + 1);
        if (_fronts[device] is null)
        {
            behind.Clear();
        }

        var front = _fronts[device] ??= Pool.Attach(behind, isBlank: true);
        Space.TryAdd(front, priority, out var number);
        _areas[device] = number;
        On++;
    }

    /// <summary>A device is off that holds nothing.</summary>
    public void SwitchOff(int device)
    {
        Space.Remove(_areas[device]!.Value);
        _areas[device] = null;
        On--;
    }

    /// <summary>Pages are compressed on their way to a device from now on, or none are.</summary>
    public void Compress(ZswapCompressor compressor, int pages)
    {
        Pool.IsEnabled = compressor != ZswapCompressor.None;
        Pool.MemoryPages = pages;
        _choice.ByZstd = compressor == ZswapCompressor.Zstd;
    }

    /// <summary>Writes a page to its slot; false when that fails.</summary>
    public bool TryWrite(SwapPlace place, ReadOnlySpan<ulong> words)
    {
        var before = Pool.Statistics;
        var answer = FrontOf(place).Store(SlotOf(place), MemoryMarshal.AsBytes(words));
        var after = Pool.Statistics;
        Counts.Compressed += answer.Place == StoredPlace.Pool ? 1 : 0;
        Counts.OfOneWord += answer.Place == StoredPlace.Word ? 1 : 0;
        Counts.PassedOn += Pool.IsEnabled && answer.Place == StoredPlace.Device ? 1 : 0;
        Counts.WrittenBack += after.WrittenBackPages - before.WrittenBackPages;
        Counts.WriteBacksFailed += after.RejectReclaimFail - before.RejectReclaimFail;
        return answer.Outcome == CompressedOutcome.Done;
    }

    /// <summary>Reads a page from its slot; false when that fails.</summary>
    public bool TryRead(SwapPlace place, Span<ulong> words) =>
        FrontOf(place).TryRead(SlotOf(place), MemoryMarshal.AsBytes(words));

    /// <summary>
    /// A page that was read is in memory now. What the pool has of it goes, so that it is not kept twice; whether it
    /// has, and no slot holds the page any more.
    /// </summary>
    public bool TakeFromPool(SwapPlace place)
    {
        var front = FrontOf(place);
        bool held = front.Holds(SlotOf(place));
        if (held)
        {
            front.Take(SlotOf(place));
            Counts.FromPool++;
        }

        return held;
    }

    /// <summary>Whether a slot holds these words, for who looks at all and changes nothing.</summary>
    public bool Holds(SwapPlace place, ReadOnlySpan<ulong> words)
    {
        int slot = SlotOf(place), device = DeviceOf(place);
        if (device < 0)
        {
            return false;
        }

        var front = _fronts[device]!;
        if (!front.Holds(slot))
        {
            return MemoryMarshal.AsBytes(words).SequenceEqual(_devices[device]!.Page(slot));
        }

        var kept = new ulong[words.Length];
        return front.TryLook(slot, MemoryMarshal.AsBytes(kept.AsSpan())) && words.SequenceEqual(kept);
    }

    /// <summary>The slots of which the pool has the page, by the numbers of devices.</summary>
    public IEnumerable<(int Device, int Slot)> InPool() =>
        from front in _fronts.Index()
        where front.Item is not null
        from slot in Enumerable.Range(0, front.Item.Slots)
        where front.Item.Holds(slot)
        select (front.Index, slot);

    /// <summary>Whether what the pool has of a slot can be made a page again.</summary>
    public bool IsWhole(int device, int slot) =>
        _fronts[device]!.TryLook(slot, MemoryMarshal.AsBytes(new ulong[PhysicalPages.WordsOfFrame].AsSpan()));

    public void Dispose() => _choice.Dispose();

    private static int SlotOf(SwapPlace place) => (int)place.Slot.Value;

    private int DeviceOf(SwapPlace place) => Array.IndexOf(_areas, place.Area);

    private Zswap<EitherCompressor>.Front FrontOf(SwapPlace place)
    {
        Debug.Assert(Space.ReferencesOf(place) > 0, "Nobody may ask for a free slot.");
        return _fronts[DeviceOf(place)]!;
    }
}
