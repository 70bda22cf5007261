using PageProof.Properties.Harness;

namespace PageProof.Cli.Mutate.Strength;

/// <summary>One of several parts of equal size.</summary>
/// <param name="Part">Which, from 1.</param>
/// <param name="Of">How many there are.</param>
public readonly record struct Shard(int Part, int Of)
{
    /// <summary>What a command line says: which part of how many.</summary>
    public static bool TryParse(string text, out Shard shard)
    {
        shard = text.Split('/') is [var part, var of]
            && Numbers.TryParse(part, out ulong number) && Numbers.TryParse(of, out ulong count)
            && number >= 1 && number <= count && count <= int.MaxValue
            ? new((int)number, (int)count) : default;
        return shard.Of > 0;
    }
}

/// <summary>Which of all mutants of a set are judged: a draw depends on the seed and the mutants alone.</summary>
/// <param name="Seed">The seed of the draw.</param>
/// <param name="Sample">So many at random; null for all.</param>
/// <param name="Shard">Only a part of those; null for all.</param>
/// <param name="Changed">Only those of these files, relative to the root; null for all.</param>
public sealed record MutantDraw(ulong Seed, int? Sample, Shard? Shard, IReadOnlySet<string>? Changed)
{
    /// <summary>Those that are drawn, in the order of files and lines. What is no program is not drawn.</summary>
    public IReadOnlyList<Mutant> Of(MutationResult listed)
    {
        CaseRandom random = new(Seed, 0);
        var order = PopulationOf(listed).ToArray();
        for (int left = order.Length; left > 1; left--)
        {
            int place = random.Below(left);
            (order[place], order[left - 1]) = (order[left - 1], order[place]);
        }

        return [.. order.Take(Sample ?? order.Length).Where((_, index) => Shard is not { } shard
                || index % shard.Of == shard.Part - 1)
            .OrderBy(mutant => mutant.File, StringComparer.Ordinal).ThenBy(mutant => mutant.Line)];
    }

    /// <summary>Those that can be drawn.</summary>
    public IEnumerable<Mutant> PopulationOf(MutationResult listed) => listed.Mutants.Where(mutant =>
        mutant.Fate is not (MutantFate.Argued or MutantFate.NotCompiling)
        && (Changed is null || Changed.Contains(mutant.File)));
}
