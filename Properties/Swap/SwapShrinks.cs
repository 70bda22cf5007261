using PageProof.Contract.Swap;

namespace PageProof.Properties.Swap;

/// <summary>
/// Simpler sequences than a failing one: without runs of commands, then without single ones and pairs, with fewer
/// devices and plainer ones, and with plainer pages and values.
/// </summary>
public static class SwapShrinks
{
    private const int Plenty = 1000;
    private const int PagesPlain = 12;

    /// <summary>The simpler sequences, the boldest first.</summary>
    public static IEnumerable<SwapSequence> Of(SwapSequence failing) =>
        WithoutCommands(failing).Concat(PlainerStart(failing)).Concat(PlainerCommands(failing));

    private static IEnumerable<SwapSequence> WithoutCommands(SwapSequence failing)
    {
        int count = failing.Commands.Length;
        for (int run = count; run >= 1; run /= 2)
        {
            for (int from = count - run; from >= 0; from -= run)
            {
                yield return failing with { Commands = failing.Commands.RemoveRange(from, run) };
            }
        }

        for (int run = 3; run >= 2; run--)
        {
            for (int from = count - run; from >= 0; from--)
            {
                yield return failing with { Commands = failing.Commands.RemoveRange(from, run) };
            }
        }

        // Two that need each other, such as out and back.
        for (int first = 0; first < count && count <= Plenty / 10; first++)
        {
            for (int second = first + 1; second < count; second++)
            {
                yield return failing with { Commands = failing.Commands.RemoveAt(second).RemoveAt(first) };
            }
        }
    }

    private static IEnumerable<SwapSequence> PlainerStart(SwapSequence failing)
    {
        var start = failing.Start;
        for (int device = start.Devices.Length - 1; device >= 0; device--)
        {
            foreach (var plainer in WithoutDevice(failing, device))
            {
                yield return plainer;
            }
        }

        var plainers = new[]
        {
            start with { Frames = start.Frames / 2 },
            start with { Frames = Math.Max(0, start.Frames - 1) },
            start with { ClusterShift = 0 },
            start with { AreasMost = SwapAreaNumber.Most + 1 },
            start with { ReferencesMost = Plenty },
        };
        foreach (var each in plainers.Where(each => each != start))
        {
            yield return failing with { Start = each };
        }
    }

    private static IEnumerable<SwapSequence> WithoutDevice(SwapSequence failing, int device)
    {
        var start = failing.Start;
        var isUsed = failing.Commands.Any(command => IsOf(command, device));
        if (!isUsed && device == start.Devices.Length - 1 && device > 0)
        {
            yield return failing with { Start = start with { Devices = start.Devices.RemoveAt(device) } };
        }

        // The commands of one device are another's.
        for (int other = 0; other < device && isUsed; other++)
        {
            yield return failing with
            {
                Commands = [.. failing.Commands.Select(command => IsOf(command, device)
                    ? command with { Device = new((byte)other) } : command)],
            };
        }

        var was = start.Devices[device];
        SwapDevice[] plainers =
        [
            was with { IsReadOnly = false }, was with { Hole = 0 }, was with { Pieces = 1 },
            new(SwapDeviceKind.Partition, was.Pages, 1, 0, was.IsReadOnly),
            was with { Pages = Math.Min(was.Pages, Math.Max(PagesPlain, was.Hole + 1)) },
        ];
        foreach (var each in plainers.Where(each => each != was && each.Pieces <= each.Pages))
        {
            yield return failing with { Start = start with { Devices = start.Devices.SetItem(device, each) } };
        }
    }

    private static bool IsOf(SwapCommand command, int device) =>
        command.Kind <= SwapCommandKind.SwapOff && command.Device.Value == device;

    private static IEnumerable<SwapSequence> PlainerCommands(SwapSequence failing) =>
        from index in Enumerable.Range(0, failing.Commands.Length)
        from plainer in PlainerThan(failing.Commands[index])
        where plainer != failing.Commands[index]
        select failing with { Commands = failing.Commands.SetItem(index, plainer) };

    private static IEnumerable<SwapCommand> PlainerThan(SwapCommand command)
    {
        if (command.Kind == SwapCommandKind.MakeSwap)
        {
            yield return command with { Uuid = default, Label = null };
            yield return command with { Bad = default };
            yield return command with { Pages = PagesPlain - 2 };
        }

        if (command.Priority > 0)
        {
            yield return command with { Priority = 0 };
        }

        if (command.Kind == SwapCommandKind.SwapOn)
        {
            yield return command with { Priority = SwapCommand.NoPriority };
        }

        if (command.Page.Index != 0)
        {
            yield return command with { Page = command.Page with { Index = 0 } };
        }

        if (command.Page.Process != 0)
        {
            yield return command with { Page = command.Page with { Process = 0 } };
        }

        if (command is { Kind: SwapCommandKind.Store, Value: > 1 })
        {
            yield return command with { Value = 1 };
        }

        if (command is { Half: not 0 } or { Reader: not 0 })
        {
            yield return command with { Half = 0, Reader = 0 };
        }

        if (command is { Kind: SwapCommandKind.FailRead or SwapCommandKind.FailWrite, Value: > 1 })
        {
            yield return command with { Value = command.Value - 1 };
        }
    }
}
