using System.Collections.Immutable;
using PageProof.Contract.Swap;

namespace PageProof.Properties.Swap;

/// <summary>
/// One fixed workload of more than 500 reads and writes: processes that store, go out, come back, fork and end, over
/// three areas, of which each is turned off and on again.
/// </summary>
public static class SwapWorkload
{
    private const int Rounds = 6;

    /// <summary>The workload for what a system offers.</summary>
    public static SwapSequence Of(SwapCapabilities offered)
    {
        int all = offered.Processes * offered.Pages, third = (all / 3) + 8;
        SwapStart start = new(
            all, 2, SwapAreaNumber.Most + 1, 1000,
            [
                new(SwapDeviceKind.Partition, third, 1, 0, false), new(SwapDeviceKind.File, third, 3, 0, false),
                new(SwapDeviceKind.Partition, third, 1, 0, false),
            ]);
        var commands = ImmutableArray.CreateBuilder<SwapCommand>();
        for (byte device = 0; device < start.Devices.Length; device++)
        {
            commands.Add(new() { Kind = SwapCommandKind.MakeSwap, Device = new(device), Pages = third });
            commands.Add(On(device));
        }

        for (int round = 0; round < Rounds; round++)
        {
            Round(offered, round, commands);
        }

        return new(start, commands.ToImmutable());
    }

    /// <summary>The sequence without the commands that make reads and writes fail.</summary>
    public static SwapSequence WithoutFailures(SwapSequence sequence) => sequence with
    {
        Commands = sequence.Commands.RemoveAll(
            command => command.Kind is SwapCommandKind.FailRead or SwapCommandKind.FailWrite),
    };

    private static SwapCommand On(byte device) => new()
    {
        Kind = SwapCommandKind.SwapOn,
        Device = new(device),
        Priority = device == 0 ? SwapCommand.NoPriority : (short)1,
    };

    private static void Round(SwapCapabilities offered, int round, ImmutableArray<SwapCommand>.Builder commands)
    {
        byte last = (byte)(offered.Processes - 1);
        for (byte process = 0; process < last; process++)
        {
            ForEach(offered, process, commands, page => new()
            {
                Kind = SwapCommandKind.Store,
                Page = page,
                Half = (byte)(round & 1),
                Value = (uint)(1 + (round * 1000) + (process * 100) + page.Index),
            });
            ForEach(offered, process, commands, page => new() { Kind = SwapCommandKind.PageOut, Page = page });
        }

        commands.Add(new() { Kind = SwapCommandKind.Fork, Page = new(0, 0), Child = last });
        ForEach(offered, 0, commands, page => new() { Kind = SwapCommandKind.Load, Page = page });
        ForEach(offered, 0, commands, page => new() { Kind = SwapCommandKind.PageOut, Page = page });
        ForEach(offered, last, commands, page => new()
        {
            Kind = SwapCommandKind.Store,
            Page = page,
            Half = 1,
            Value = (uint)(90_000 + page.Index),
        });
        DeviceNumber device = new((byte)(round % 3));
        commands.Add(new() { Kind = SwapCommandKind.SwapOff, Device = device });
        commands.Add(On(device.Value));
        for (byte process = 0; process < offered.Processes; process++)
        {
            ForEach(offered, process, commands, page => new() { Kind = SwapCommandKind.Load, Page = page });
        }

        ForEach(offered, last, commands, page => new() { Kind = SwapCommandKind.Drop, Page = page });
    }

    private static void ForEach(
        SwapCapabilities offered, byte process, ImmutableArray<SwapCommand>.Builder commands,
        Func<ProcessPage, SwapCommand> make)
    {
        for (ushort page = 0; page < offered.Pages; page++)
        {
            commands.Add(make(new(process, page)));
        }
    }
}
