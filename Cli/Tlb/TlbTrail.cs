using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Cli.Tlb;

/// <summary>What became of an entry of a CPU.</summary>
public enum EntryFate
{
    /// <summary>It came in.</summary>
    Entered,
    /// <summary>It made room for another.</summary>
    Evicted,
    /// <summary>The command, or a page fault, took it out.</summary>
    Invalidated,
}

/// <summary>One command with its answer and what it changed in its CPU.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Command">What was done.</param>
/// <param name="Answer">How it ended.</param>
/// <param name="Reads">How many entries of tables were read for it.</param>
/// <param name="Changes">The entries that came in or went.</param>
/// <param name="Permitted">Access: the ends that the Spec permits, each once.</param>
/// <param name="Refusal">Why the Spec does not permit the answer, or null.</param>
public sealed record TlbTrailStep(
    int Number,
    TlbCommand Command,
    TlbAnswer Answer,
    int Reads,
    IReadOnlyList<(EntryFate Fate, TlbEntry Entry)> Changes,
    IReadOnlyList<TranslationOutcome> Permitted,
    string? Refusal);

/// <summary>
/// A sequence as our machine goes through it, and beside it the Spec. To look at the caches between two
/// commands, the machine is run anew up to there: it does the same each time.
/// </summary>
public sealed record TlbTrail(
    TlbSequence Sequence,
    IReadOnlyList<TlbTrailStep> Steps,
    IReadOnlyList<IReadOnlyList<TlbEntry>> Contents,
    IReadOnlyList<TlbStatistics> Statistics)
{
    /// <summary>Goes through the sequence, up to the first answer that the Spec does not permit.</summary>
    public static TlbTrail Take(in TlbSequence sequence, TlbGeometry geometry)
    {
        using TlbMachine machine = new(geometry);
        List<TlbTrailStep> steps = [];
        var state = TlbSpec.Begin(sequence);
        var before = LookInto(machine, sequence, 0, out _);
        while (steps.Count < sequence.Commands.Length && state is not null)
        {
            var command = sequence.Commands[steps.Count];
            var after = LookInto(machine, sequence, steps.Count + 1, out var answer);
            int cpu = command.Cpu.Value;
            var step = TlbSpec.Follow(state, command, answer);
            var permitted = command.Kind == TlbCommandKind.Access
                ? AccessSpec.EndsOf(state, state.Cpus[cpu], command.Access).Select(end => end.Outcome).Distinct()
                : [];
            ulong reads = after[cpu].Statistics.WalkReads - before[cpu].Statistics.WalkReads;
            var changes = Changes(command, answer, before[cpu].Entries, after[cpu].Entries, geometry);
            steps.Add(new(
                steps.Count + 1, command, answer, (int)reads, changes, [.. permitted], step.Refusal));
            (before, state) = (after, step.State);
        }

        return new(
            sequence, steps, [.. before.Select(cpu => cpu.Entries)], [.. before.Select(cpu => cpu.Statistics)]);
    }

    private static (IReadOnlyList<TlbEntry> Entries, TlbStatistics Statistics)[] LookInto(
        TlbMachine machine, in TlbSequence sequence, int count, out TlbAnswer last)
    {
        var answers = new TlbAnswer[count];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(0, count), answers);
        last = count == 0 ? default : answers[^1];
        return [.. Enumerable.Range(0, sequence.Start.Cpus)
            .Select(number => new CpuNumber((byte)number))
            .Select(cpu => (machine.EntriesOf(cpu), machine.StatisticsOf(cpu)))];
    }

    private static List<(EntryFate, TlbEntry)> Changes(
        in TlbCommand command,
        in TlbAnswer answer,
        IReadOnlyList<TlbEntry> before,
        IReadOnlyList<TlbEntry> after,
        TlbGeometry geometry)
    {
        HashSet<TlbEntry> old = [.. before], now = [.. after];
        var entered = after.Where(entry => !old.Contains(entry)).ToList();
        bool fills = command.Kind == TlbCommandKind.Access && answer.Outcome.Kind == OutcomeKind.Translated;
        var gone = before.Where(entry => !now.Contains(entry)).Select(entry =>
            (fills && entered.Exists(other => TakesPlaceOf(other, entry, geometry))
                ? EntryFate.Evicted
                : EntryFate.Invalidated, entry));
        return [.. gone, .. entered.Select(entry => (EntryFate.Entered, entry))];
    }

    // An entry of the same page was taken out to be read anew, and did not have to make room.
    private static bool TakesPlaceOf(TlbEntry entered, TlbEntry gone, TlbGeometry geometry) =>
        entered.Place == gone.Place && entered.Page != gone.Page && (gone.Place == TlbPlace.Front
            ? (entered.Kind, entered.UserMode, entered.AlignmentCheck)
                == (gone.Kind, gone.UserMode, gone.AlignmentCheck)
                && ((entered.Page.Value ^ gone.Page.Value) >> 12 & (ulong)(geometry.FrontSlots - 1)) == 0
            : entered.Level == gone.Level || gone.Place == TlbPlace.Second);
}
