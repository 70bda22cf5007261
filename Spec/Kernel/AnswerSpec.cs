using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;
using PageProof.Spec.AddressSpaces;

namespace PageProof.Spec.Kernel;

/// <summary>
/// Whether an answer is what is due: to the letter, but for what is left open of error codes, values and counts of
/// faults. Where there are few frames faults are not counted.
/// Source: the manual pages that the single specs name; getrusage(2) on faults; proc_pid_maps(5).
/// </summary>
internal static class AnswerSpec
{
    /// <summary>Why an answer is not what is due; null when it is.</summary>
    public static string? Refusal(
        in KernelOutcome due, in KernelCommand command, in KernelAnswer answer, ReadOnlySpan<AreaLine> lines) =>
        due.Refusal ?? (command.Kind == KernelCommandKind.Maps && due.Answer.Kind == KernelAnswerKind.Done
            ? RefusalOfMaps(due, command, answer, lines)
            : Refusal(due, answer));

    private static string? Refusal(in KernelOutcome due, in KernelAnswer answer)
    {
        KernelAnswer bare = answer with { MinorFaults = 0, MajorFaults = 0 };
        bool tight = due.State.Tight;
        PageFaultCode open = due.EitherPresent || tight ? PageFaultCode.Present : PageFaultCode.None;
        if (bare with { Code = bare.Code & ~open, Value = bare.Value & ~due.OpenBits }
            != due.Answer with { Code = due.Answer.Code & ~open })
        {
            return $"the answer is {due.Answer}";
        }

        int faults = answer.MinorFaults + answer.MajorFaults;
        return tight ? null : faults < due.FaultsLeast || faults > due.FaultsMost ? $"{Range(due)} faults are counted"
            : answer.MajorFaults > due.MajorMost ? $"at most {due.MajorMost} faults are major"
            : null;
    }

    private static string Range(in KernelOutcome due) => due.FaultsLeast == due.FaultsMost
        ? $"{due.FaultsLeast}"
        : $"{due.FaultsLeast} to {due.FaultsMost}";

    private static string? RefusalOfMaps(
        in KernelOutcome due, in KernelCommand command, in KernelAnswer answer, ReadOnlySpan<AreaLine> lines)
    {
        if (answer.MinorFaults + answer.MajorFaults > 0)
        {
            return "who is told its areas takes no fault";
        }

        var areas = MapsSpec.LinesOf(due.State.Processes[command.Process.Value]!, due.State.Files);
        var shown = MapsSpec.Joined(lines);
        var wanted = MapsSpec.Joined(areas.AsSpan());
        if (answer.Kind == KernelAnswerKind.Done && shown.SequenceEqual(wanted))
        {
            return MapsSpec.NeedlessSeam(due.State.Processes[command.Process.Value]!, lines) is { } seam
                ? $"what meets at 0x{seam:x} is shared and alike, and so one area"
                : null;
        }

        return $"the areas are {string.Join("; ", wanted)}, and these are told: {string.Join("; ", shown)}";
    }
}
