using System.Collections.Immutable;
using System.Text;
using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>Commands that were carried out at once, for people: what each CPU did, and in which order.</summary>
internal static class KernelScheduleStory
{
    public static string Tell(in ScheduledCase failing, string? refusal, KernelTrial trial)
    {
        StringBuilder story = new();
        int header = 2 + failing.Sequence.Start.Files.Length;
        story.AppendLine(string.Join('\n', KernelText.Print(failing.Sequence).Split('\n')[..header]));
        Tell(story, "At first:", trial.Before);
        for (int cpu = 0; cpu < failing.Sequence.Start.Cpus; cpu++)
        {
            Tell(story, $"CPU {cpu}:", trial.Meanwhile[cpu]);
            var left = failing.Sequence.Commands.Skip(failing.First).Where(command => command.Cpu.Value == cpu)
                .Skip(trial.Meanwhile[cpu].Count);
            story.AppendJoin("", left.Select(command => $"  {KernelText.Of(command)}, not ended\n"));
        }

        Tell(story, "In the end:", trial.After);
        story.AppendLine($"The CPUs go on in this order: {Turned(trial.Schedule)}");
        return story.Append(refusal ?? "There is such an order.").ToString();
    }

    // A CPU, and how many steps it goes.
    private static string Turned(ImmutableArray<int> schedule)
    {
        const int TurnsMost = 60;
        List<(int Cpu, int Steps)> turns = [];
        foreach (int cpu in schedule)
        {
            if (turns.Count > 0 && turns[^1].Cpu == cpu)
            {
                turns[^1] = (cpu, turns[^1].Steps + 1);
            }
            else
            {
                turns.Add((cpu, 1));
            }
        }

        return string.Join(", ", turns.Take(TurnsMost).Select(turn => $"{turn.Cpu} x {turn.Steps}"))
            + (turns.Count > TurnsMost ? ", ..." : "");
    }

    private static void Tell(StringBuilder story, string title, List<Timed> commands)
    {
        story.AppendLine(title);
        foreach (var timed in commands)
        {
            string when = timed.Ended > 0 ? $" [{timed.Begun} to {timed.Ended}]" : "";
            story.AppendLine($"  {KernelText.Of(timed.Command)} -> {KernelText.Of(timed.Answer)}{when}");
        }
    }
}
