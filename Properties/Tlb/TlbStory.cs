using System.Text;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Paging;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>A failing sequence for people: the tables, each command with its answer, and what was permitted.</summary>
public static class TlbStory
{
    /// <summary>The story up to the first answer that is not permitted.</summary>
    public static string Tell(
        in TlbSequence failing, ReadOnlySpan<TlbAnswer> answers, IReadOnlyList<TlbDeviation> deviations)
    {
        StringBuilder story = new();
        TlbFollower follower = new(deviations);
        follower.Begin(failing);
        Dictionary<PhysicalAddress, int> levels = [];
        Learn(levels, follower.State);
        story.AppendLine($"{failing.Start.Cpus} CPU(s), {TlbText.Print(failing).Split('\n')[1]}");
        foreach (var word in failing.Start.Words)
        {
            story.AppendLine($"  {word.Address} holds {Entry(levels, word)}");
        }

        for (int index = 0; index < answers.Length; index++)
        {
            var command = failing.Commands[index];
            var step = follower.Step(command, answers[index]);
            story.AppendLine($"  {index + 1}. {Command(levels, command)}{Answer(answers[index])}");
            if (step.State is null)
            {
                story.Append($"That is not permitted: {step.Refusal}.");
                AppendPermitted(story, follower.State, command);
                return story.ToString();
            }

            Learn(levels, follower.State);
        }

        return story.Append("Every answer is permitted.").ToString();
    }

    private static void AppendPermitted(StringBuilder story, TlbState state, in TlbCommand command)
    {
        if (command.Kind != TlbCommandKind.Access)
        {
            return;
        }

        story.AppendLine().Append("Permitted is:");
        var ends = AccessSpec.EndsOf(state, state.Cpus[command.Cpu.Value], command.Access);
        foreach (var outcome in ends.Select(each => each.Outcome).Distinct())
        {
            story.AppendLine().Append($"  {outcome}");
        }
    }

    private static void Learn(Dictionary<PhysicalAddress, int> levels, TlbState state)
    {
        foreach (var table in state.Cpus.SelectMany(cpu => cpu.Tables))
        {
            levels.TryAdd(table.Table, table.Level);
        }
    }

    private static string Command(Dictionary<PhysicalAddress, int> levels, in TlbCommand command) =>
        command.Kind == TlbCommandKind.Store
            ? $"cpu {command.Cpu.Value}: store {command.Word.Address}={Entry(levels, command.Word)}"
            : TlbText.Of(command);

    private static string Answer(in TlbAnswer answer) =>
        answer.Kind == TlbAnswerKind.Done ? "" : $" -> {answer}";

    private static string Entry(Dictionary<PhysicalAddress, int> levels, in TableWord word) =>
        levels.TryGetValue(new(word.Address.Value & ~0xFFFUL), out int level)
            ? $"{EntryText.Of(word.Entry, level)}, level {level}"
            : word.Entry.ToString();
}
