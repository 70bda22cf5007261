using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Runs a sequence without one of its frames. Up to the first answer that is another than with all of them, the states
/// of the Spec are those of the whole run; from there they are worked out.
/// </summary>
internal sealed class KernelMissingFrameJudge(KernelRuns runs) : ICaseJudge<MissingFrame>
{
    private readonly IFrameFailures _frames = (IFrameFailures)runs.Kernel;
    private readonly List<KernelState> _states = [];
    private KernelSequence _sequence;
    private KernelAnswer[] _whole = [];
    private long _asked;
    private bool _follows;

    /// <summary>How many commands were run.</summary>
    public long Commands { get; private set; }

    /// <summary>How many commands failed because of a missing frame.</summary>
    public long Refused { get; private set; }

    /// <summary>How many of these were forks.</summary>
    public long ForksRefused { get; private set; }

    public int FirstFailure(ReadOnlySpan<MissingFrame> cases)
    {
        for (int place = 0; place < cases.Length; place++)
        {
            if (Refusal(cases[place]) is not null)
            {
                return place;
            }
        }

        return -1;
    }

    public string Tell(in MissingFrame failing) =>
        KernelText.Print(failing.Sequence) + (Refusal(failing) ?? "No frame is missed.");

    public void Dispose() => runs.Dispose();

    private string? Refusal(in MissingFrame asked)
    {
        if (_sequence.Commands != asked.Sequence.Commands || _states.Count == 0)
        {
            Learn(asked.Sequence);
        }

        long last = asked.Frame == 0 ? _asked : Math.Min(asked.Frame, _asked);
        for (long frame = Math.Max(asked.Frame, 1); frame <= last; frame++)
        {
            _frames.FailsAt = frame;
            var answers = runs.Ask([_sequence]);
            _frames.FailsAt = 0;
            Commands += answers.Length;
            string? refusal = _frames.Audit() ?? RefusalOf(answers);
            int lost = _frames.EndAll();
            refusal ??= lost != 0 ? $"{lost} frames are lost when all processes have ended" : _frames.Audit();
            if (refusal is not null)
            {
                return $"Without frame {frame}: {refusal}.";
            }
        }

        return null;
    }

    // The whole run, and the state of the Spec before each of its commands.
    private void Learn(in KernelSequence sequence)
    {
        _sequence = sequence;
        _frames.FailsAt = 0;
        _whole = runs.Ask([sequence]).ToArray();
        _asked = _frames.FramesAsked;
        _follows = !sequence.Commands.Any(IsOpen);
        _states.Clear();
        _states.Add(KernelSpec.Begin(sequence.Start, runs.Kernel.Capabilities));
        for (int place = 0; _follows && place < _whole.Length; place++)
        {
            _states.Add(KernelSpec.Next(_states[^1], sequence.Commands[place], _whole[place]).State);
        }
    }

    // What is touched in advance may be there or not afterwards, and what may be freed may be gone; advice that comes
    // in between is taken, also when the write fails.
    private static bool IsOpen(KernelCommand command) => command.Kind == KernelCommandKind.ForceRaced
        || command.Advice > MemoryAdvice.DontNeed
        || command.Kind == KernelCommandKind.Mlock
        || (command.Flags & (MmapFlags.Locked | MmapFlags.Populate)) != 0;

    private string? RefusalOf(ReadOnlySpan<KernelAnswer> answers)
    {
        int place = 0;
        while (place < answers.Length && Bare(answers[place]) == Bare(_whole[place]))
        {
            place++;
        }

        if (!_follows || place == answers.Length)
        {
            return null;
        }

        var state = _states[place];
        bool failed = false;
        for (; place < answers.Length; place++)
        {
            var command = _sequence.Commands[place];
            var answer = Bare(answers[place]);
            var due = KernelSpec.Next(state, command, answer);
            bool possible = due.Answer.Kind != KernelAnswerKind.NotPossible;
            if (answer.Errno == Errno.ENOMEM && due.Answer.Errno != Errno.ENOMEM && possible && !failed)
            {
                failed = true;
                Refused++;
                ForksRefused += command.Kind == KernelCommandKind.Fork ? 1 : 0;
                if (AfterFailure(state, command) is not { } left)
                {
                    return null;
                }

                state = left;
                continue;
            }

            if (command.Kind == KernelCommandKind.ForceWrite && answer.Length < due.Answer.Length)
            {
                // There was memory for the first page alone.
                return null;
            }

            if (!Agrees(state, command, answers[place], due))
            {
                return $"command {place + 1}, {KernelText.Of(command)}, was answered {answer}, not {due.Answer}";
            }

            state = due.State;
        }

        return null;
    }

    // A stack grows before its page is asked for. Of a checksum it is not known how far it came, nor of a pin, which
    // shows where it copies pages of files.
    private static KernelState? AfterFailure(KernelState state, in KernelCommand command)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong address = command.Address.Value + (command.FromLast ? process.LastMapped : 0);
        return command.Kind switch
        {
            KernelCommandKind.Load or KernelCommandKind.Store or KernelCommandKind.ForceWrite =>
                StackSpec.Reach(state, command.Process, address),
            KernelCommandKind.Pin when CopiesFiles(process, address, command.Length.Value) => null,
            KernelCommandKind.Exec => state.With(command.Process, null),
            KernelCommandKind.Checksum when process.Areas.Any(area => area.GrowsDown) => null,
            _ => state,
        };
    }

    private static bool CopiesFiles(ProcessState process, ulong start, ulong length) => process.Areas.Any(area =>
        !area.Shared && !area.IsPrivateAnonymous && area.Start < start + length && area.End > start);

    // Areas are told in lines; what is present may have been made so by a call that failed.
    private bool Agrees(
        KernelState state, in KernelCommand command, in KernelAnswer answer, in KernelOutcome due) =>
        command.Kind switch
        {
            KernelCommandKind.Maps => KernelSpec.Follow(
                state, command, answer with { MinorFaults = 0, MajorFaults = 0 },
                KernelFollower.LinesOf(command, answer, runs.Kernel.Lines)).State is not null,
            KernelCommandKind.Presence => true,
            _ => Bare(answer) == due.Answer with { Code = 0 },
        };

    private static KernelAnswer Bare(in KernelAnswer answer) =>
        answer with { Code = 0, MinorFaults = 0, MajorFaults = 0 };
}
