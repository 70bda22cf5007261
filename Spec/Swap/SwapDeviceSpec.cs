using System.Collections.Immutable;
using PageProof.Contract.Kernel;
using PageProof.Contract.Swap;

namespace PageProof.Spec.Swap;

/// <summary>
/// How devices become swap areas, and cease to be. Without a priority an area is lower than all before it, from -2
/// on; when such an area goes, those after it rise by one. Turning an area off brings every page of it back, process
/// by process and from low addresses to high: a page that cannot be read is lost to its process alone.
/// Source: mkswap(8), swapon(2), open(2) on EROFS, write(2) and Linux, mm/filemap.c, on ETXTBSY; Linux, mm/swapfile.c
/// (6.12) on the order in which a call is refused, on priorities, and on try_to_unuse.
/// </summary>
public static class SwapDeviceSpec
{
    // The automatic priorities are below this one.
    private const short AutomaticFirst = -1;

    /// <summary>A header is written; when the write fails, nobody knows what the first page holds then.</summary>
    public static SwapStep Make(SwapState state, SwapCommand command, ImmutableArray<byte> left)
    {
        var device = state.Start.Devices[command.Device.Value];
        var refused = MayWrite(state, command.Device) is { Outcome: SwapOutcome.Failed } inUse ? inUse
            : SwapHeaderFormat.Refusal(device, command) is not SwapReason.None and var reason
                ? Failed(Errno.EINVAL, reason)
            : default;
        if (refused != default)
        {
            return new(state, refused);
        }

        var (after, fails) = state.Write();
        return fails
            ? new(WithHeader(after, command.Device, left), Failed(Errno.EIO, SwapReason.InputOutput))
            : new(WithHeader(after, command.Device, SwapHeaderFormat.Of(command)), Done);
    }

    /// <summary>Somebody else writes to the first page, of which no read or write here is made.</summary>
    public static SwapStep Poke(SwapState state, SwapCommand command)
    {
        if (MayWrite(state, command.Device) is { Outcome: SwapOutcome.Failed } refused)
        {
            return new(state, refused);
        }

        var header = SwapHeaderFormat.With(
            state.Headers[command.Device.Value], command.Offset.Value, BitConverter.GetBytes(command.Value));
        return new(WithHeader(state, command.Device, header), Done);
    }

    /// <summary>Pages can go to a device.</summary>
    public static SwapStep On(SwapState state, SwapCommand command)
    {
        var device = state.Start.Devices[command.Device.Value];
        var refused = state.Areas.Length == state.Start.AreasMost ? Failed(Errno.EPERM, SwapReason.TooManyAreas)
            : device.IsReadOnly ? Failed(Errno.EROFS, SwapReason.ReadOnly)
            : state.AreaOn(command.Device) is not null ? Failed(Errno.EBUSY, SwapReason.InUse)
            : default;
        if (refused != default)
        {
            return new(state, refused);
        }

        var (after, fails) = state.Read();
        if (fails)
        {
            return new(after, Failed(Errno.EIO, SwapReason.InputOutput));
        }

        var (header, reason) = SwapHeaderFormat.Read(state.Headers[command.Device.Value], device);
        if (header is null)
        {
            return new(after, Failed(Errno.EINVAL, reason));
        }

        var slots = Enumerable.Range(0, header.Pages)
            .Select(slot => slot == 0 || header.Bad.Contains(slot) ? null : (SlotState?)SlotState.Unused);
        var number = Enumerable.Range(0, state.Start.AreasMost).Select(each => new SwapAreaNumber((byte)each))
            .First(each => !state.Areas.Any(area => area.Number == each));
        short priority = command.Priority != SwapCommand.NoPriority ? command.Priority
            : (short)(state.Areas.Select(area => area.Priority).Append(AutomaticFirst).Min() - 1);
        SwapAreaState area = new(number, command.Device, priority, state.TurnedOn, [.. slots]);

        // All numbers below the lowest that is free have an area.
        return new(
            after with { Areas = after.Areas.Insert(number.Value, area), TurnedOn = after.TurnedOn + 1 },
            Done with { Place = new(number, default) });
    }

    /// <summary>All pages of a device come back, when there is room for them.</summary>
    public static SwapStep Off(SwapState state, SwapCommand command)
    {
        if (state.AreaOn(command.Device) is not { } area)
        {
            return new(state, Failed(Errno.EINVAL, SwapReason.NotInUse));
        }

        bool IsThere(SwapPlace? place) => place is { } slot && slot.Area == area.Number;
        if (state.All.Count(page => page is ProcessPageState.InSwap { Place: var place } && IsThere(place))
            > state.FramesFree)
        {
            return new(state, Failed(Errno.ENOMEM, SwapReason.NoRoom));
        }

        var after = state;
        var pages = ImmutableArray.CreateBuilder<ProcessPageState>(state.All.Length);
        foreach (var page in state.All)
        {
            switch (page)
            {
                case ProcessPageState.InSwap swapped when IsThere(swapped.Place):
                    (after, bool fails) = after.Read();
                    pages.Add(fails ? new ProcessPageState.Lost() : new ProcessPageState.InFrame(
                        SwapPageSpec.Unpacked(state.SlotAt(swapped.Place).Content), swapped.IsMarked, null, true));
                    break;
                case ProcessPageState.InFrame inFrame when IsThere(inFrame.Place):
                    pages.Add(inFrame with { Place = null, IsExclusive = true });
                    break;
                default:
                    pages.Add(page);
                    break;
            }
        }

        // Survivor: no two areas have the same priority below zero.
        var rest = state.Areas.Remove(area).Select(each => area.Priority < 0 && each.Priority < area.Priority
            ? each with { Priority = (short)(each.Priority + 1) } : each);
        return new(after with { All = pages.ToImmutable(), Areas = [.. rest] }, Done);
    }

    private static SwapAnswer Done { get; } = new() { Outcome = SwapOutcome.Done };

    // A partition is opened by its user alone; a file can be opened, but not be written.
    private static SwapAnswer MayWrite(SwapState state, DeviceNumber number) =>
        state.Start.Devices[number.Value] is var device && device.IsReadOnly
            ? Failed(Errno.EROFS, SwapReason.ReadOnly)
            : state.AreaOn(number) is null ? default
            : Failed(
                device.Kind == SwapDeviceKind.File ? Errno.ETXTBSY : Errno.EBUSY, SwapReason.InUse);

    private static SwapState WithHeader(SwapState state, DeviceNumber device, ImmutableArray<byte> header) =>
        state with { Headers = state.Headers.SetItem(device.Value, header) };

    private static SwapAnswer Failed(Errno errno, SwapReason reason) =>
        new() { Outcome = SwapOutcome.Failed, Errno = errno, Reason = reason };
}
