using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>A sequence, what a kernel answered to each of its commands, and the lines that it told.</summary>
public sealed record Asked(
    KernelSequence Sequence, ImmutableArray<KernelAnswer> Answers, ImmutableArray<AreaLine> Lines);

/// <summary>
/// Chooses sequences that are worth recording: short ones, so that every class of steps is among them about as
/// often, in an order that the seed and the answers alone decide.
/// </summary>
public static class KernelSelection
{
    private const int LengthMax = 34;
    private const int Pool = 24;

    /// <summary>At most <paramref name="count"/> sequences, with what the system answered.</summary>
    public static (KernelCapabilities Capabilities, IReadOnlyList<Asked> Chosen) Choose(
        ISystem system, ulong seed, int count)
    {
        using KernelRuns runs = new(KernelDoor.Open(system));
        var capabilities = runs.Kernel.Capabilities;
        KernelGenerator generator = new(capabilities);
        List<Asked> asked = [];
        for (long index = 0; asked.Count < count * Pool; index += capabilities.SequencesAtOnce)
        {
            KernelSequence[] sequences =
            [
                .. Enumerable.Range(0, capabilities.SequencesAtOnce)
                    .Select(place => generator.Generate(seed, index + place))
                    .Where(sequence => sequence.Commands.Length <= LengthMax),
            ];
            var answers = runs.Ask(sequences);
            foreach (var sequence in sequences)
            {
                asked.Add(Take(sequence, answers[..sequence.Commands.Length], runs.Kernel.Lines));
                answers = answers[sequence.Commands.Length..];
            }
        }

        var classes = asked.ConvertAll(each => ClassesOf(each, capabilities));
        return (capabilities, [.. Rarest(classes, count).Select(place => asked[place])]);
    }

    /// <summary>What was answered to one sequence among others, with its own lines alone.</summary>
    private static Asked Take(
        in KernelSequence sequence, ReadOnlySpan<KernelAnswer> answers, ReadOnlySpan<AreaLine> lines)
    {
        List<AreaLine> own = [];
        var taken = answers.ToArray();
        for (int index = 0; index < taken.Length; index++)
        {
            var told = KernelFollower.LinesOf(sequence.Commands[index], taken[index], lines);
            if (!told.IsEmpty)
            {
                taken[index] = taken[index] with { Value = (ulong)own.Count };
                own.AddRange(told);
            }
        }

        return new(sequence, [.. taken], [.. own]);
    }

    /// <summary>
    /// Round by round, those that have a class of which not yet as many were chosen as there were rounds.
    /// </summary>
    private static List<int> Rarest(List<List<KernelClass>> classes, int count)
    {
        Dictionary<KernelClass, int> counts = [];
        List<int> chosen = [];
        var left = Enumerable.Range(0, classes.Count).ToList();
        for (int round = 1; chosen.Count < count && left.Count > 0; round++)
        {
            foreach (int place in left.ToArray())
            {
                if (chosen.Count < count && classes[place].Any(each => counts.GetValueOrDefault(each) < round))
                {
                    chosen.Add(place);
                    left.Remove(place);
                    classes[place].ForEach(each => counts[each] = counts.GetValueOrDefault(each) + 1);
                }
            }
        }

        return chosen;
    }

    private static List<KernelClass> ClassesOf(Asked asked, KernelCapabilities capabilities)
    {
        KernelCoverage coverage = new();
        string? refusal = new KernelFollower(capabilities).Refusal(
            asked.Sequence, asked.Answers.AsSpan(), asked.Lines.AsSpan(), coverage);
        return refusal is not null
            ? []
            : [.. KernelClass.All.Where(each => coverage[each] > 0), .. coverage.Others.Keys];
    }
}
