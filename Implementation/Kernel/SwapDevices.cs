using System.Runtime.InteropServices;
using PageProof.Contract.Kernel;
using PageProof.Contract.Swap;
using PageProof.Implementation.Swap;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// The devices that pages can be swapped to, the slots of those that are on, and the pages that are in a slot and in a
/// frame at once. Any one transfer can be made to fail.
/// </summary>
internal sealed class SwapDevices(int frames)
{
    // Few, so that devices of one priority take turns soon.
    private const int ClusterShift = 2;

    private readonly SimulatedDisk?[] _disks = new SimulatedDisk?[KernelSequence.SwapSlots.Length];
    private readonly SwapAreaNumber?[] _areas = new SwapAreaNumber?[KernelSequence.SwapSlots.Length];

    /// <summary>The slots.</summary>
    public SwapSpace Space { get; private set; } = new(ClusterShift);

    /// <summary>The pages that have a slot and a frame.</summary>
    public SwapCache Cache { get; } = new(frames);

    /// <summary>How many devices are on.</summary>
    public int On { get; private set; }

    /// <summary>Which transfer from now on fails; 0 for none.</summary>
    public ulong FailsIn { get; set; }

    /// <summary>What has been done so far.</summary>
    public ref ReclaimCounts Counts => ref _counts;

    private ReclaimCounts _counts;

    /// <summary>No device is on, and nothing is to fail.</summary>
    public void Reset()
    {
        if (On > 0)
        {
            Space = new(ClusterShift);
            Cache.Clear();
            _areas.AsSpan().Clear();
        }

        (On, FailsIn, _counts) = (0, 0, default);
    }

    /// <summary>The number under which entries know a device; null while it is off.</summary>
    public SwapAreaNumber? AreaOf(int device) => _areas[device];

    /// <summary>Pages can go to a device from now on.</summary>
    public void SwitchOn(int device, int? priority)
    {
        // One more, which holds the header.
        int slots = KernelSequence.SwapSlots[device] + 1;
        var disk = _disks[device] ??= new(slots);
        Space.TryAdd(new DiskStorage(disk, new SwapExtent(0, 0, slots)), priority, out var number);
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

    /// <summary>Writes a page to its slot; false when that fails.</summary>
    public bool TryWrite(SwapPlace place, ReadOnlySpan<ulong> words)
    {
        _counts.Written++;
        DiskOf(place).WriteFailsIn = IsToFail() ? 1 : 0;
        bool done = Space.TryWrite(place, MemoryMarshal.AsBytes(words));
        _counts.WriteErrors += done ? 0 : 1;
        return done;
    }

    /// <summary>Reads a page from its slot; false when that fails.</summary>
    public bool TryRead(SwapPlace place, Span<ulong> words)
    {
        _counts.Read++;
        DiskOf(place).ReadFailsIn = IsToFail() ? 1 : 0;
        bool done = Space.TryRead(place, MemoryMarshal.AsBytes(words));
        _counts.ReadErrors += done ? 0 : 1;
        return done;
    }

    /// <summary>Whether a slot holds these words, for who looks at all and changes nothing.</summary>
    public bool Holds(SwapPlace place, ReadOnlySpan<ulong> words)
    {
        var kept = new ulong[words.Length];
        DiskOf(place).ReadFailsIn = 0;
        return Space.TryRead(place, MemoryMarshal.AsBytes(kept.AsSpan())) && words.SequenceEqual(kept);
    }

    private bool IsToFail() => FailsIn > 0 && --FailsIn == 0;

    private SimulatedDisk DiskOf(SwapPlace place) => _disks[Array.IndexOf(_areas, place.Area)]!;
}
