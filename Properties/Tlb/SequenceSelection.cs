using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Chooses sequences that are worth recording: short ones, of every set of classes that their answers are of
/// about as many, in an order that the seed and the answers alone decide.
/// </summary>
public static class SequenceSelection
{
    private const int LengthMax = 12;
    private const int Pool = 48;

    /// <summary>At most <paramref name="count"/> sequences, with what the system answered.</summary>
    public static IReadOnlyList<(TlbSequence Sequence, ImmutableArray<TlbAnswer> Answers)> Choose(
        ISystem system, ulong seed, int count)
    {
        using var machine = TlbDoor.Machine(system);
        TlbGenerator generator = new(machine.Capabilities);
        List<TlbSequence> asked = [];
        for (long index = 0; asked.Count < count * Pool; index++)
        {
            var made = generator.Generate(seed, index);
            if (made.Commands.Length <= LengthMax)
            {
                asked.Add(made);
            }
        }

        var answers = new TlbAnswer[asked.Sum(sequence => sequence.Commands.Length)];
        machine.RunAll([.. asked], answers);
        Dictionary<string, List<(TlbSequence, ImmutableArray<TlbAnswer>)>> classes = [];
        int first = 0;
        foreach (var sequence in asked)
        {
            ImmutableArray<TlbAnswer> own = [.. answers.AsSpan(first, sequence.Commands.Length)];
            first += own.Length;
            string name = ClassesOf(sequence, own, machine.Capabilities.Deviations);
            if (!classes.TryGetValue(name, out var members))
            {
                classes[name] = members = [];
            }

            members.Add((sequence, own));
        }

        // Round by round, one of each set of classes that still has some.
        List<(TlbSequence, ImmutableArray<TlbAnswer>)> chosen = [];
        for (int round = 0; chosen.Count < count && classes.Values.Any(members => round < members.Count); round++)
        {
            chosen.AddRange(classes.Values.Where(members => round < members.Count).Select(members => members[round]));
        }

        return [.. chosen.Take(count)];
    }

    private static string ClassesOf(
        TlbSequence sequence, ImmutableArray<TlbAnswer> answers, IReadOnlyList<TlbDeviation> deviations)
    {
        TlbCoverage coverage = new();
        TlbFollower follower = new(deviations);
        if (!follower.Follow(sequence, answers.AsSpan(), coverage))
        {
            return "refused";
        }

        var stale = StaleAnswers.Classes.Where(each => coverage[each] > 0);
        var control = sequence.Commands.Select(command => command.Kind)
            .Where(kind => kind is not (TlbCommandKind.Access or TlbCommandKind.Store or TlbCommandKind.Load))
            .Distinct().Order();
        return $"{string.Join(',', stale)} {string.Join(',', control)} {string.Join(',', follower.Explained)}";
    }
}
