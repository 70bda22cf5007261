using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Chooses sequences that are worth recording: short ones, so that every class of steps is among them about as
/// often, in an order that the seed and the answers alone decide.
/// </summary>
public static class KernelSelection
{
    private const int LengthMax = 24;
    private const int Pool = 24;

    /// <summary>At most <paramref name="count"/> sequences, with what the system answered.</summary>
    public static (KernelCapabilities Capabilities,
        IReadOnlyList<(KernelSequence Sequence, ImmutableArray<KernelAnswer> Answers, ImmutableArray<AreaLine> Lines)>
        Chosen) Choose(ISystem system, ulong seed, int count)
    {
        using var kernel = KernelDoor.Open(system);
        var capabilities = kernel.Capabilities;
        KernelGenerator generator = new(capabilities);
        List<(KernelSequence, ImmutableArray<KernelAnswer>, ImmutableArray<AreaLine>)> asked = [];
        List<List<KernelClass>> classes = [];
        for (long index = 0; asked.Count < count * Pool; index++)
        {
            var sequence = generator.Generate(seed, index);
            if (sequence.Commands.Length <= LengthMax)
            {
                var answers = new KernelAnswer[sequence.Commands.Length];
                kernel.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
                asked.Add((sequence, [.. answers], [.. kernel.Lines]));
                classes.Add(ClassesOf(sequence, answers, kernel.Lines, capabilities));
            }
        }

        return (capabilities, [.. Rarest(classes, count).Select(place => asked[place])]);
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

    private static List<KernelClass> ClassesOf(
        in KernelSequence sequence,
        ReadOnlySpan<KernelAnswer> answers,
        ReadOnlySpan<AreaLine> lines,
        KernelCapabilities capabilities)
    {
        KernelCoverage coverage = new();
        string? refusal = new KernelFollower(capabilities).Refusal(sequence, answers, lines, coverage);
        return refusal is not null ? [] : [.. KernelClass.All.Where(each => coverage[each] > 0), .. coverage.Others.Keys];
    }
}
