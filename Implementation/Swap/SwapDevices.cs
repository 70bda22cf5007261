using PageProof.Contract.Kernel;
using PageProof.Contract.Swap;

namespace PageProof.Implementation.Swap;

/// <summary>
/// The calls that make devices swap areas and turn them on, over one <see cref="SwapSpace"/>. A call that fails has
/// changed nothing, but that a header which could not be written is spoilt.
/// </summary>
/// <param name="devices">The devices.</param>
/// <param name="space">The room for pages that they make.</param>
public sealed class SwapDevices(ISwapDevice[] devices, SwapSpace space)
{
    private readonly int[] _areas = [.. devices.Select(_ => None)];
    private readonly byte[] _page = new byte[SimulatedDisk.BlockBytes];

    private const int None = -1;

    /// <summary>The device that an area is on.</summary>
    public int DeviceOf(SwapAreaNumber number) => Array.IndexOf(_areas, number.Value);

    /// <summary>The area on a device; false when it is not on.</summary>
    public bool TryAreaOn(int device, out SwapAreaNumber number)
    {
        number = new((byte)Math.Max(_areas[device], 0));
        return _areas[device] != None;
    }

    /// <summary>mkswap.</summary>
    public SwapAnswer Make(in SwapCommand command)
    {
        int number = command.Device.Value;
        var device = devices[number];
        if (MayWrite(number) is { Outcome: SwapOutcome.Failed } refused)
        {
            return refused;
        }

        return SwapHeader.Make(command, device.Slots, _page) is not SwapReason.None and var reason
            ? Failed(Errno.EINVAL, reason)
            : device.TryWrite(0, _page) ? Done : Failed(Errno.EIO, SwapReason.InputOutput);
    }

    /// <summary>Somebody writes to the first page of a device.</summary>
    public SwapAnswer Poke(in SwapCommand command)
    {
        var answer = MayWrite(command.Device.Value);
        if (answer.Outcome == SwapOutcome.Done)
        {
            devices[command.Device.Value].Poke(command.Offset.Value, BitConverter.GetBytes(command.Value));
        }

        return answer;
    }

    /// <summary>swapon.</summary>
    public SwapAnswer On(in SwapCommand command)
    {
        int number = command.Device.Value;
        var device = devices[number];
        var refused = !space.TryFindNumber(out _) ? Failed(Errno.EPERM, SwapReason.TooManyAreas)
            : device.IsReadOnly ? Failed(Errno.EROFS, SwapReason.ReadOnly)
            : _areas[number] != None ? Failed(Errno.EBUSY, SwapReason.InUse)
            : device.TryRead(0, _page) ? Done : Failed(Errno.EIO, SwapReason.InputOutput);
        if (refused.Outcome != SwapOutcome.Done)
        {
            return refused;
        }

        var reason = SwapHeader.Read(_page, device, out int pages, out int[] bad);
        if (reason != SwapReason.None)
        {
            return Failed(Errno.EINVAL, reason);
        }

        int? priority = command.Priority == SwapCommand.NoPriority ? null : command.Priority;
        space.TryAdd(device, pages, bad, priority, out var area);
        _areas[number] = area.Value;
        return Done with { Place = new(area, default) };
    }

    /// <summary>swapoff, when there is room for what comes back.</summary>
    public SwapAnswer Off(in SwapCommand command, SwapMemory memory)
    {
        if (!TryAreaOn(command.Device.Value, out var area))
        {
            return Failed(Errno.EINVAL, SwapReason.NotInUse);
        }

        if (memory.PagesIn(area) > memory.FramesFree)
        {
            return Failed(Errno.ENOMEM, SwapReason.NoRoom);
        }

        space.Close(area);
        memory.BringAll(area);
        space.Remove(area);
        _areas[command.Device.Value] = None;
        return Done;
    }

    private static SwapAnswer Done => new() { Outcome = SwapOutcome.Done };

    // A partition is opened by its user alone; a file in use can be opened, but not be written.
    private SwapAnswer MayWrite(int number) =>
        devices[number].IsReadOnly ? Failed(Errno.EROFS, SwapReason.ReadOnly)
        : _areas[number] == None ? Done
        : Failed(devices[number].IsFile ? Errno.ETXTBSY : Errno.EBUSY, SwapReason.InUse);

    private static SwapAnswer Failed(Errno errno, SwapReason reason) =>
        new() { Outcome = SwapOutcome.Failed, Errno = errno, Reason = reason };
}
