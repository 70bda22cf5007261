using System.Collections.Immutable;
using PageProof.Contract.Frames;

namespace PageProof.Properties.Frames;

/// <summary>
/// Simpler sequences than a failing one: without runs of commands, then without single ones, on fewer CPUs
/// with fewer frames and no caches, and with plainer blocks.
/// </summary>
public static class FrameShrinks
{
    private const int Plenty = 1000;
    private const ulong PagesFew = 8;

    /// <summary>The simpler sequences, the boldest first.</summary>
    public static IEnumerable<FrameSequence> Of(FrameSequence failing) =>
        WithoutCommands(failing).Concat(PlainerStart(failing)).Concat(PlainerCommands(failing));

    private static IEnumerable<FrameSequence> WithoutCommands(FrameSequence failing)
    {
        int count = failing.Commands.Length;
        for (int run = count; run >= 1; run /= 2)
        {
            for (int from = count - run; from >= 0; from -= run)
            {
                yield return failing with { Commands = failing.Commands.RemoveRange(from, run) };
            }
        }

        foreach (var fewer in WithoutFrames(failing))
        {
            yield return fewer;
        }

        // Two that need each other, such as there and back.
        for (int first = 0; first < count; first++)
        {
            for (int second = first + 1; second < count; second++)
            {
                yield return failing with { Commands = failing.Commands.RemoveAt(second).RemoveAt(first) };
            }
        }
    }

    // Without the commands that fill a frame, and without the frame.
    private static IEnumerable<FrameSequence> WithoutFrames(FrameSequence failing)
    {
        var (start, commands) = (failing.Start, failing.Commands);
        var fewer = start.Reserved.IsEmpty && start.Frames.Count > 1
            ? start with { Frames = start.Frames with { Count = start.Frames.Count - 1 } } : start;
        for (int run = 3; run >= 1; run--)
        {
            for (int from = commands.Length - run; from >= 0; from--)
            {
                var left = commands.RemoveRange(from, run);
                yield return new(fewer, left);
                yield return new(start, left);
                yield return new(start, Lowered(left, from));
            }
        }

        // Two blocks can as well be one.
        for (int from = 0; from + 1 < commands.Length; from++)
        {
            var (one, order) = (commands[from], commands[from].Order.Value);
            if (one.Kind == FrameCommandKind.Allocate && commands[from + 1].Kind == FrameCommandKind.Allocate
                && order < FrameOrder.Most)
            {
                var larger = one with { Order = new((byte)(order + 1)) };
                var left = commands.RemoveAt(from + 1).SetItem(from, larger);
                yield return new(start, left);
                yield return new(start, Lowered(left, from));
            }
        }

        // What a cache names can as well be mapped: a command less.
        for (int from = 0; from + 1 < commands.Length; from++)
        {
            var (enter, release) = (commands[from], commands[from + 1]);
            if (enter.Kind == FrameCommandKind.EnterCache && release.Kind == FrameCommandKind.Release)
            {
                FramePlace place = new(0, (ulong)from % PagesFew);
                var mapped = enter with { Kind = FrameCommandKind.MapFromHold, Page = default, Place = place };
                yield return new(start, commands.RemoveAt(from + 1).SetItem(from, mapped));
            }
        }
    }

    // The same blocks, when there is a younger one less.
    private static ImmutableArray<FrameCommand> Lowered(ImmutableArray<FrameCommand> commands, int from) =>
    [
        .. commands.Select((command, index) => index >= from && command.Target is { IsInUse: true, Number: > 0 }
            ? command with { Target = new(true, (ushort)(command.Target.Number - 1)) } : command),
    ];

    private static IEnumerable<FrameSequence> PlainerStart(FrameSequence failing)
    {
        var start = failing.Start;
        bool isOnFirst = failing.Commands.All(command => command.Cpu.Value == 0);
        if (!isOnFirst)
        {
            yield return failing with
            {
                Commands = [.. failing.Commands.Select(command => command with { Cpu = default })],
            };
        }

        var plainer = new[]
        {
            start with { Reserved = [] },
            start with { Cpus = isOnFirst ? 1 : start.Cpus },
            start with { KeptMost = 0 },
            start with { KeptMost = start.KeptMost / 2 },
            start with { Batch = 1 },
            start with { CountMost = Plenty },
            start with { MappingsMost = Plenty },
            start.Reserved.IsEmpty ? start with { Frames = start.Frames with { First = default } } : start,
            start.Reserved.IsEmpty && start.Frames.Count > 1
                ? start with { Frames = start.Frames with { Count = start.Frames.Count / 2 } } : start,
            start.Reserved.IsEmpty && start.Frames.Count > 1
                ? start with { Frames = start.Frames with { Count = start.Frames.Count - 1 } } : start,
        };
        foreach (var each in plainer.Where(each => each != start))
        {
            yield return failing with { Start = each };
        }
    }

    private static IEnumerable<FrameSequence> PlainerCommands(FrameSequence failing) =>
        from index in Enumerable.Range(0, failing.Commands.Length)
        let command = failing.Commands[index]
        from plainer in PlainerThan(command)
        where plainer != command
        select failing with { Commands = failing.Commands.SetItem(index, plainer) };

    private static IEnumerable<FrameCommand> PlainerThan(FrameCommand command)
    {
        if (command.Order.Value > 0)
        {
            yield return command with { Order = new((byte)(command.Order.Value - 1)) };
        }

        if (command.Kind == FrameCommandKind.Allocate && command.Use > FrameKind.Kernel)
        {
            yield return command with { Use = FrameKind.Kernel };
        }

        if (command.Target.Number > 0)
        {
            yield return command with { Target = command.Target with { Number = 0 } };
        }

        if (command.Place != default)
        {
            yield return command with { Place = default };
        }
    }
}
