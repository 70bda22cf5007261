using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>
/// How much besides the right answer the Spec permits: answers are changed by one thing each, and it is counted how
/// often that is permitted as well. Laws that hold a system against the Spec never notice a Spec that permits too much.
/// </summary>
public sealed class KernelLooseness(KernelCapabilities capabilities)
{
    private readonly SortedDictionary<string, (long Tried, long Permitted)> _counts = new(StringComparer.Ordinal);

    /// <summary>For each kind of command and change, how often it was tried, and how often it was permitted.</summary>
    public IReadOnlyDictionary<string, (long Tried, long Permitted)> Counts => _counts;

    /// <summary>Changes each answer of a sequence, as long as the answers as they are can be followed.</summary>
    public void Count(in KernelSequence sequence, ReadOnlySpan<KernelAnswer> answers, ReadOnlySpan<AreaLine> areas)
    {
        KernelState? state = KernelSpec.Begin(sequence.Start, capabilities);
        for (int place = 0; place < answers.Length && state is not null; place++)
        {
            var command = sequence.Commands[place];
            var lines = KernelFollower.LinesOf(command, answers[place], areas);
            foreach (var (name, changed) in Changes(command, answers[place]))
            {
                Count($"{command.Kind}: {name}", KernelSpec.Follow(state, command, changed, lines).State is not null);
            }

            foreach (var (name, changed) in Changes(lines))
            {
                var told = answers[place] with { Length = (ulong)changed.Length };
                Count($"{command.Kind}: {name}", KernelSpec.Follow(state, command, told, changed).State is not null);
            }

            state = KernelSpec.Follow(state, command, answers[place], lines).State;
        }
    }

    private void Count(string name, bool permitted)
    {
        var (tried, so) = _counts.GetValueOrDefault(name);
        _counts[name] = (tried + 1, so + (permitted ? 1 : 0));
    }

    private static List<(string Name, KernelAnswer Changed)> Changes(
        in KernelCommand command, in KernelAnswer answer)
    {
        List<(string, KernelAnswer)> changes = [];
        switch (answer.Kind)
        {
            case KernelAnswerKind.Done:
                changes.Add(("failed", new() { Kind = KernelAnswerKind.Failed, Errno = Errno.EINVAL }));
                if (command.Kind != KernelCommandKind.Maps)
                {
                    changes.Add(("another length", answer with { Length = answer.Length + 1 }));
                    changes.Add(("another value", answer with { Value = answer.Value + 1 }));
                    changes.Add(("another page", answer with { Value = answer.Value ^ 0x1000 }));
                }

                break;
            case KernelAnswerKind.Failed:
                changes.Add(("done", new() { Kind = KernelAnswerKind.Done, Value = command.Address.Value }));
                changes.Add(("another errno", answer with
                {
                    Errno = answer.Errno == Errno.EINVAL ? Errno.EFAULT : Errno.EINVAL,
                }));
                break;
            case KernelAnswerKind.Signal:
                changes.Add(("another signal", answer with
                {
                    Signal = answer.Signal == MemorySignal.NoArea ? MemorySignal.Forbidden : MemorySignal.NoArea,
                }));
                changes.Add(("another code", answer with { Code = answer.Code ^ PageFaultCode.Write }));
                changes.Add(("present", answer with { Code = answer.Code ^ PageFaultCode.Present }));
                changes.Add(("another address", answer with { Address = new(answer.Address.Value + 1) }));
                break;
        }

        changes.Add(("a fault more", answer with { MinorFaults = (ushort)(answer.MinorFaults + 1) }));
        if (answer.MinorFaults > 0)
        {
            var fewer = answer with { MinorFaults = (ushort)(answer.MinorFaults - 1) };
            changes.Add(("a fault less", fewer));
            changes.Add(("a major fault", fewer with { MajorFaults = (ushort)(answer.MajorFaults + 1) }));
        }

        return changes;
    }

    private static IEnumerable<(string Name, AreaLine[] Changed)> Changes(ReadOnlySpan<AreaLine> lines)
    {
        if (lines.IsEmpty)
        {
            return [];
        }

        AreaLine[] all = [.. lines];
        var last = all[^1];
        return
        [
            ("a line less", all[..^1]),
            ("a line more", [.. all, last with { Start = last.End, End = new(last.End.Value + 0x1000) }]),
            ("another end", [.. all[..^1], last with { End = new(last.End.Value + 0x1000) }]),
            ("another protection", [.. all[..^1], last with { Protection = last.Protection ^ MemoryProtection.Write }]),
            ("another sharing", [.. all[..^1], last with { Shared = !last.Shared }]),
            ("another offset", [.. all[..^1], last with { Offset = last.Offset + 0x1000 }]),
        ];
    }
}
