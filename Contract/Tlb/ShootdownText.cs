using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace PageProof.Contract.Tlb;

/// <summary>
/// Programs and a schedule as text: how they begin, one line a command, and who goes on how often. So a
/// failure can be read, kept as a file and run again.
/// </summary>
public static class ShootdownText
{
    private const string ScheduleLine = "schedule";
    private const int ScheduleMax = 1 << 16;

    /// <summary>The text that <see cref="TryParse"/> reads back.</summary>
    public static string Print(in ShootdownProgram program, IReadOnlyList<int> schedule)
    {
        StringBuilder text = new();
        text.Append($"cpus {program.Start.Cpus} spaces {program.Start.Spaces} mapped {program.Start.Mapped}\n");
        foreach (var command in program.Commands)
        {
            text.Append(Of(command)).Append('\n');
        }

        text.Append(ScheduleLine);
        for (int from = 0, to = 0; from < schedule.Count; from = to)
        {
            while (to < schedule.Count && schedule[to] == schedule[from])
            {
                to++;
            }

            text.Append($" {schedule[from]}x{to - from}");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>A command in one line.</summary>
    public static string Of(in ShootdownCommand command) => $"cpu {command.Cpu.Value}: " + command.Kind switch
    {
        ShootdownCommandKind.Map => $"map {command.Page} {command.Count}",
        ShootdownCommandKind.Unmap => $"unmap {command.Page} {command.Count}",
        ShootdownCommandKind.UnmapFree => $"unmap-free {command.Page} {command.Count}",
        ShootdownCommandKind.Protect =>
            $"protect {command.Page} {command.Count} {(command.Writable ? "rw" : "ro")}",
        ShootdownCommandKind.Move => $"move {command.Page} {command.Count} to {command.To}",
        ShootdownCommandKind.Clean => $"clean {command.Page} {command.Count}",
        ShootdownCommandKind.Load => $"load {command.Page}",
        ShootdownCommandKind.Store => $"store {command.Page}",
        ShootdownCommandKind.Fetch => $"fetch {command.Page}",
        ShootdownCommandKind.Prefetch => $"prefetch {command.Page}",
        ShootdownCommandKind.Run => $"run {command.Space.Value}",
        ShootdownCommandKind.Idle => "idle",
        _ => throw new UnreachableException(),
    };

    /// <summary>Reads programs and their schedule; the reason names the line that is wrong.</summary>
    public static bool TryParse(
        string text,
        out ShootdownProgram program,
        out ImmutableArray<int> schedule,
        [NotNullWhen(false)] out string? reason)
    {
        var commands = ImmutableArray.CreateBuilder<ShootdownCommand>();
        var turns = ImmutableArray.CreateBuilder<int>();
        ShootdownStart? start = null;
        (program, schedule) = (default, []);
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            var parts = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            bool good = parts switch
            {
                [] => true,
                ["cpus", var cpus, "spaces", var spaces, "mapped", var mapped] =>
                    start is null && TryStart(cpus, spaces, mapped, out start),
                [ScheduleLine, .. var rest] => start is not null && TryTurns(rest, start.Cpus, turns),
                ["cpu", var cpu, .. var rest] => start is not null
                    && commands.Count < ShootdownProgram.CommandsMax && TryCommand(cpu, rest, start, commands),
                _ => false,
            };
            if (!good)
            {
                reason = $"line {number} is not a line of programs: {line.Trim()}";
                return false;
            }
        }

        reason = start is null ? "programs need a line that says how many cpus and spaces there are" : null;
        program = start is null ? default : new(start, commands.ToImmutable());
        schedule = turns.ToImmutable();
        return reason is null;
    }

    private static bool TryStart(string cpus, string spaces, string mapped, out ShootdownStart? start)
    {
        bool good = Number(cpus, 1, ShootdownStart.CpusMax, out int cpuCount)
            & Number(spaces, 1, ShootdownStart.SpacesMax, out int spaceCount)
            & Number(mapped, 0, byte.MaxValue, out int pages);
        start = good ? new(cpuCount, spaceCount, (byte)pages) : null;
        return good;
    }

    private static bool TryTurns(string[] parts, int cpus, ImmutableArray<int>.Builder turns)
    {
        foreach (string part in parts)
        {
            var sides = part.Split('x');
            if (sides.Length != 2 || !Number(sides[0], 0, cpus - 1, out int actor)
                || !Number(sides[1], 1, ScheduleMax - turns.Count, out int times))
            {
                return false;
            }

            turns.AddRange(Enumerable.Repeat(actor, times));
        }

        return true;
    }

    private static bool TryCommand(
        string cpu, string[] parts, ShootdownStart start, ImmutableArray<ShootdownCommand>.Builder commands)
    {
        if (cpu is not [var digit, ':'] || digit < '0' || digit - '0' >= start.Cpus)
        {
            return false;
        }

        ShootdownCommand? read = parts switch
        {
            ["map", var page, var count] => Pages(ShootdownCommandKind.Map, page, count),
            ["unmap", var page, var count] => Pages(ShootdownCommandKind.Unmap, page, count),
            ["unmap-free", var page, var count] => Pages(ShootdownCommandKind.UnmapFree, page, count),
            ["protect", var page, var count, "ro"] => Pages(ShootdownCommandKind.Protect, page, count),
            ["protect", var page, var count, "rw"] =>
                Pages(ShootdownCommandKind.Protect, page, count) is { } command
                    ? command with { Writable = true } : null,
            ["move", var page, var count, "to", var target] =>
                Pages(ShootdownCommandKind.Move, page, count) is { } command
                    && Number(target, 0, ShootdownCommand.Pages - command.Count, out int to)
                    ? command with { To = (byte)to } : null,
            ["clean", var page, var count] => Pages(ShootdownCommandKind.Clean, page, count),
            ["load", var page] => Access(ShootdownCommandKind.Load, page),
            ["store", var page] => Access(ShootdownCommandKind.Store, page),
            ["fetch", var page] => Access(ShootdownCommandKind.Fetch, page),
            ["prefetch", var page] => Access(ShootdownCommandKind.Prefetch, page),
            ["run", var space] => Number(space, 0, start.Spaces - 1, out int wanted)
                ? new() { Kind = ShootdownCommandKind.Run, Space = new((byte)wanted) } : null,
            ["idle"] => new() { Kind = ShootdownCommandKind.Idle },
            _ => null,
        };
        if (read is { } good)
        {
            commands.Add(good with { Cpu = new((byte)(digit - '0')) });
        }

        return read is not null;
    }

    private static ShootdownCommand? Pages(ShootdownCommandKind kind, string page, string count) =>
        Number(page, 0, ShootdownCommand.Pages - 1, out int first)
        && Number(count, 1, ShootdownCommand.Pages - first, out int pages)
            ? new() { Kind = kind, Page = (byte)first, Count = (byte)pages }
            : null;

    private static ShootdownCommand? Access(ShootdownCommandKind kind, string page) =>
        Number(page, 0, ShootdownCommand.Pages - 1, out int number)
            ? new() { Kind = kind, Page = (byte)number }
            : null;

    private static bool Number(string text, int least, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number >= least && number <= most;
}
