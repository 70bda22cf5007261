using System.Text;
using PageProof.Contract.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>A failing sequence for people: each command with its answer, up to the one that is not permitted.</summary>
internal static class SoftwareTlbStory
{
    /// <summary>The story of a processor.</summary>
    public static string Tell(in SoftwareTlbSequence failing, ReadOnlySpan<SoftwareTlbAnswer> answers)
    {
        StringBuilder story = new($"A TLB of {failing.Entries} entries.");
        var state = SoftwareTlbSpec.Begin(failing.Entries);
        for (int index = 0; index < answers.Length; index++)
        {
            var command = failing.Commands[index];
            var step = SoftwareTlbSpec.Follow(state, command, answers[index]);
            bool plain = answers[index].Kind == SoftwareTlbAnswerKind.Done;
            story.Append($"\n  {index + 1}. {command}{(plain ? "" : $" -> {answers[index]}")}");
            if (step.State is null)
            {
                return story.Append($"\nThat is not permitted: {step.Refusal}.").ToString();
            }

            state = step.State;
        }

        return story.Append("\nEvery answer is permitted.").ToString();
    }

    /// <summary>The story of a kernel.</summary>
    public static string Tell(in SoftwareTlbKernelSequence failing, ReadOnlySpan<SoftwareTlbKernelAnswer> answers)
    {
        StringBuilder story = new(SoftwareTlbKernelText.Print(failing with { Commands = [] }).TrimEnd());
        var state = SoftwareTlbKernelState.Begin(failing.Start);
        for (int index = 0; index < answers.Length; index++)
        {
            var command = failing.Commands[index];
            var (after, refusal) = SoftwareTlbKernelSpec.Follow(state, command, answers[index]);
            bool plain = answers[index].Kind == SoftwareTlbKernelAnswerKind.Done;
            story.Append($"\n  {index + 1}. {command}{(plain ? "" : $" -> {answers[index]}")}");
            if (after is null)
            {
                return story.Append($"\nThat is not permitted: {refusal}.").ToString();
            }

            state = after;
        }

        return story.Append("\nEvery answer is permitted.").ToString();
    }
}
