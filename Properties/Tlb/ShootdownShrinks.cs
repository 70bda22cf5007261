using System.Collections.Immutable;
using PageProof.Contract.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Simpler cases than a failing one: first the programs, each under several schedules, since the old one says
/// nothing of them; then, once the programs are as simple as can be, the schedule with fewer turns.
/// </summary>
internal static class ShootdownShrinks
{
    private const int Schedules = 24;

    /// <summary>The simpler cases, the boldest first.</summary>
    /// <param name="failing">The failing case.</param>
    /// <param name="schedule">Its schedule.</param>
    public static IEnumerable<ShootdownCase> Of(ShootdownCase failing, ImmutableArray<int> schedule)
    {
        if (failing.IsRecorded)
        {
            return FewerTurns(failing.Recorded).Select(turns => failing with { Recorded = turns });
        }

        var simpler =
            from program in Programs(failing.Program)
            from number in Enumerable.Range(0, Schedules)
            select failing with
            {
                Program = program,
                Seed = failing.Seed + (ulong)number,
                Kind = number % 2 == 0 ? ScheduleKind.Random : ScheduleKind.Priority,
            };
        return simpler.Append(failing with { Recorded = schedule });
    }

    private static IEnumerable<ShootdownProgram> Programs(ShootdownProgram failing)
    {
        var commands = failing.Commands;
        for (int run = commands.Length; run >= 1; run /= 2)
        {
            for (int from = commands.Length - run; from >= 0; from -= run)
            {
                yield return failing with { Commands = commands.RemoveRange(from, run) };
            }
        }

        var start = failing.Start;
        for (int cpu = 0; cpu < start.Cpus && start.Cpus > 1; cpu++)
        {
            yield return new(start with { Cpus = start.Cpus - 1 }, Without(commands, cpu));
        }

        int cpus = commands.IsEmpty ? 1 : 1 + commands.Max(command => command.Cpu.Value);
        if (cpus < start.Cpus)
        {
            yield return failing with { Start = start with { Cpus = start.Cpus - 1 } };
        }

        for (int cpu = cpus - 1; cpu >= 1; cpu--)
        {
            if (commands.All(command => command.Cpu.Value != cpu - 1))
            {
                yield return failing with { Commands = Moved(commands, cpu, cpu - 1) };
            }
        }

        int spaces = 1 + commands.Max(command => (int?)command.Space.Value) ?? 1;
        if (spaces < start.Spaces)
        {
            yield return failing with { Start = start with { Spaces = start.Spaces - 1 } };
        }

        for (int page = 0; page < ShootdownCommand.Pages; page++)
        {
            if ((start.Mapped >> page & 1) != 0)
            {
                yield return failing with { Start = start with { Mapped = (byte)(start.Mapped & ~(1 << page)) } };
            }
        }

        for (int index = 0; index < commands.Length; index++)
        {
            foreach (var plainer in PlainerThan(commands[index]))
            {
                yield return failing with { Commands = commands.SetItem(index, plainer) };
            }
        }
    }

    // A CPU goes with its program, and those after it move up.
    private static ImmutableArray<ShootdownCommand> Without(ImmutableArray<ShootdownCommand> commands, int cpu) =>
        [.. commands.Where(command => command.Cpu.Value != cpu).Select(command =>
            command.Cpu.Value > cpu ? command with { Cpu = new((byte)(command.Cpu.Value - 1)) } : command)];

    private static ImmutableArray<ShootdownCommand> Moved(
        ImmutableArray<ShootdownCommand> commands, int from, int to) =>
        [.. commands.Select(command =>
            command.Cpu.Value == from ? command with { Cpu = new((byte)to) } : command)];

    private static IEnumerable<ShootdownCommand> PlainerThan(ShootdownCommand command)
    {
        if (command.Count > 1)
        {
            yield return command with { Count = 1 };
            yield return command with { Count = (byte)(command.Count - 1) };
        }

        if (command.Kind is ShootdownCommandKind.UnmapFree)
        {
            yield return command with { Kind = ShootdownCommandKind.Unmap };
        }

        if (command.Kind is ShootdownCommandKind.Store or ShootdownCommandKind.Fetch)
        {
            yield return command with { Kind = ShootdownCommandKind.Load };
        }
    }

    /// <summary>Schedules in which one turn is left to the one before.</summary>
    public static IEnumerable<ImmutableArray<int>> FewerTurns(ImmutableArray<int> turns)
    {
        for (int to = turns.Length, from; to > 0; to = from)
        {
            from = to - 1;
            while (from > 0 && turns[from - 1] == turns[to - 1])
            {
                from--;
            }

            yield return turns.RemoveRange(from, to - from);
            if (to - from > 1)
            {
                yield return turns.RemoveAt(from);
            }
        }
    }
}
