using System.Collections.Immutable;
using PageProof.Contract.Kernel;
using PageProof.Properties.Tlb;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Simpler cases than a failing one: without some of its commands, each under several schedules, since the old one says
/// nothing of them; then the schedule with fewer turns.
/// </summary>
internal static class KernelScheduleShrinks
{
    private const int Schedules = 32;

    /// <summary>The simpler cases, the boldest first.</summary>
    public static IEnumerable<ScheduledCase> Of(ScheduledCase failing, ImmutableArray<int> schedule)
    {
        if (failing.IsRecorded)
        {
            return ShootdownShrinks.FewerTurns(failing.Recorded).Select(turns => failing with { Recorded = turns });
        }

        var simpler =
            from program in Programs(failing)
            from number in Enumerable.Range(0, Schedules)
            select program with
            {
                Seed = failing.Seed + (ulong)number,
                Kind = number % 2 == 0 ? ScheduleKind.Random : ScheduleKind.Priority,
            };
        return simpler.Append(failing with { Recorded = schedule });
    }

    private static IEnumerable<ScheduledCase> Programs(ScheduledCase failing)
    {
        var commands = failing.Sequence.Commands;
        for (int place = commands.Length - 1; place >= 0; place--)
        {
            yield return failing with
            {
                Sequence = failing.Sequence with { Commands = commands.RemoveAt(place) },
                First = place < failing.First ? failing.First - 1 : failing.First,
            };
        }

        var start = failing.Sequence.Start;
        if (start.Cpus > 2 && commands.All(command => command.Cpu.Value < start.Cpus - 1))
        {
            yield return failing with
            {
                Sequence = failing.Sequence with { Start = start with { Cpus = start.Cpus - 1 } },
            };
        }

        for (int place = 0; place < commands.Length; place++)
        {
            var command = commands[place];
            if (command.Length.Value > 4096)
            {
                yield return With(failing, place, command with
                {
                    Length = new(4096),
                    NewLength = new(Math.Min(command.NewLength.Value, 4096)),
                });
            }

            if (command.Value > 1)
            {
                yield return With(failing, place, command with { Value = 1 });
            }
        }
    }

    private static ScheduledCase With(ScheduledCase failing, int place, KernelCommand command) => failing with
    {
        Sequence = failing.Sequence with { Commands = failing.Sequence.Commands.SetItem(place, command) },
    };
}
