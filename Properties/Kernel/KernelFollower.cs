using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>Follows the answers to a sequence, from its start to the first that is not permitted.</summary>
internal sealed class KernelFollower(KernelCapabilities capabilities)
{
    /// <summary>The number of the command that was answered wrongly, counted from 0.</summary>
    public int FailedAt { get; private set; }

    /// <summary>How many answers each deviation has explained.</summary>
    public Dictionary<string, long> Explanations { get; } = [];

    /// <summary>Why the first answer that is not permitted is not; null when there is none.</summary>
    public string? Refusal(
        in KernelSequence sequence,
        ReadOnlySpan<KernelAnswer> answers,
        ReadOnlySpan<AreaLine> areas,
        KernelCoverage? coverage)
    {
        var state = KernelSpec.Begin(sequence.Start, capabilities);
        for (FailedAt = 0; FailedAt < answers.Length; FailedAt++)
        {
            var command = sequence.Commands[FailedAt];
            ref readonly var answer = ref answers[FailedAt];
            var step = KernelSpec.Follow(state, command, answer, LinesOf(command, answer, areas));
            if (step is { State: null, Refusal: null })
            {
                // There was no memory, and what was done before that showed is not known.
                return null;
            }

            if ((step.State ?? Explained(state, command, answer)) is not { } after)
            {
                return step.Refusal;
            }

            coverage?.Count(state, command, answer, after);
            state = after;
        }

        return null;
    }

    /// <summary>The lines that an answer tells, as far as there are so many.</summary>
    public static ReadOnlySpan<AreaLine> LinesOf(
        in KernelCommand command, in KernelAnswer answer, ReadOnlySpan<AreaLine> areas) =>
        command.Kind == KernelCommandKind.Maps && answer.Value <= (ulong)areas.Length
            && answer.Length <= (ulong)areas.Length - answer.Value
            ? areas.Slice((int)answer.Value, (int)answer.Length)
            : [];

    /// <summary>The state after an answer that a known deviation explains.</summary>
    private KernelState? Explained(KernelState state, in KernelCommand command, in KernelAnswer answer)
    {
        foreach (var deviation in capabilities.Deviations)
        {
            var due = KernelSpec.Next(state, command, answer);
            if (due.Refusal is null && deviation.Explains(command, due.Answer, answer))
            {
                Explanations[deviation.Name] = Explanations.GetValueOrDefault(deviation.Name) + 1;
                return due.State;
            }
        }

        return null;
    }
}
