using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Follows the answers of a machine by the Spec, and where the Spec refuses one, by what is known of the
/// machine. What is kept at page faults is asked only after a refusal: the sequence is then followed once
/// more from its begin, with nothing dropped at faults.
/// </summary>
internal sealed class TlbFollower(IReadOnlyList<TlbDeviation> deviations)
{
    private readonly TlbDeviation? _keeps = deviations.FirstOrDefault(each => each.KeepsAtFaults);
    private readonly List<(TlbCommand Command, TlbAnswer Answer)> _past = [];
    private readonly HashSet<string> _explained = [];
    private TlbSequence _sequence;
    private bool _isKeeping;

    /// <summary>What is known by now.</summary>
    public TlbState State { get; private set; } = null!;

    /// <summary>The deviations without which this sequence would have been refused.</summary>
    public IReadOnlyCollection<string> Explained => _explained;

    public void Begin(in TlbSequence sequence)
    {
        (_sequence, _isKeeping) = (sequence, false);
        _past.Clear();
        _explained.Clear();
        State = TlbSpec.Begin(sequence);
    }

    /// <summary>Follows all answers and counts them; false at the first that is refused.</summary>
    public bool Follow(in TlbSequence sequence, ReadOnlySpan<TlbAnswer> answers, TlbCoverage coverage)
    {
        Begin(sequence);
        coverage.Begin(sequence.Start);
        for (int index = 0; index < answers.Length; index++)
        {
            var (before, command) = (State, sequence.Commands[index]);
            var step = Step(command, answers[index]);
            if (step.State is null)
            {
                return false;
            }

            coverage.Count(before, command, answers[index], step);
        }

        return true;
    }

    /// <summary>Counts the sequence that was followed once for each deviation that it needed.</summary>
    public void AddExplained(Dictionary<string, long> counts)
    {
        foreach (string name in _explained)
        {
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }
    }

    /// <summary>Goes on after an answer that is permitted; after any other nothing changes.</summary>
    public TlbStep Step(in TlbCommand command, in TlbAnswer answer)
    {
        var step = Judge(command, answer);
        if (step.State is null && _keeps is not null && !_isKeeping)
        {
            KeepFromBegin();
            step = Judge(command, answer);
        }

        if (step.State is { } after)
        {
            _past.Add((command, answer));
            State = After(after, answer);
        }

        return step;
    }

    private void KeepFromBegin()
    {
        _isKeeping = true;
        _explained.Add(_keeps!.Name);
        State = TlbSpec.Begin(_sequence);
        foreach (var (command, answer) in _past)
        {
            // What may be kept grows, so what was permitted stays so.
            State = After(Judge(command, answer).State!, answer);
        }
    }

    // A fault changes nothing but what is cached.
    private TlbState After(TlbState after, in TlbAnswer answer) =>
        _isKeeping && answer is { Kind: TlbAnswerKind.Outcome, Outcome.Kind: OutcomeKind.PageFault } ? State : after;

    private TlbStep Judge(in TlbCommand command, in TlbAnswer answer)
    {
        var step = TlbSpec.Follow(State, command, answer);
        if (step.State is not null || command.Kind != TlbCommandKind.Access || answer.Kind != TlbAnswerKind.Outcome)
        {
            return step;
        }

        foreach (var deviation in deviations)
        {
            foreach (var end in AccessSpec.EndsOf(State, State.Cpus[command.Cpu.Value], command.Access))
            {
                if (deviation.Explains?.Invoke(command, end.Outcome, answer) == true)
                {
                    _explained.Add(deviation.Name);
                    return TlbSpec.Follow(State, command, answer with { Outcome = end.Outcome, Hidden = default });
                }
            }
        }

        return step;
    }
}
