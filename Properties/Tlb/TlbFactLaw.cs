using System.Collections.Immutable;
using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Tlb;

/// <summary>
/// What a real machine answered once to sequences binds the Spec, and whatever else judges such answers:
/// who refuses one permits too little. What a known deviation explains binds nobody.
/// </summary>
public sealed class TlbFactLaw(
    string source,
    IReadOnlyList<(TlbSequence Sequence, ImmutableArray<TlbAnswer> Answers)> facts,
    IReadOnlyList<TlbDeviation> deviations)
{
    /// <summary>The name of the law.</summary>
    public const string Name = "what real TLBs answered is permitted";

    /// <summary>The Spec permits every answer, or a deviation explains it.</summary>
    public CheckReport OfSpec()
    {
        var clock = Stopwatch.StartNew();
        TlbCoverage coverage = new();
        TlbFollower follower = new(deviations);
        Dictionary<string, long> explained = [];
        CheckFailure? failure = null;
        int index = 0;
        for (; index < facts.Count && failure is null; index++)
        {
            var (sequence, answers) = facts[index];
            if (follower.Follow(sequence, answers.AsSpan(), coverage))
            {
                follower.AddExplained(explained);
            }
            else
            {
                failure = new(
                    index,
                    $"{source} answered so:\n{TlbStory.Tell(sequence, answers.AsSpan(), deviations)}",
                    TlbText.Print(sequence),
                    0)
                {
                    Length = sequence.Commands.Length,
                };
            }
        }

        return new(Name, "spec", 0, index, clock.Elapsed, failure)
        {
            Commands = coverage.Commands,
            Explained = explained,
            Stale = StaleAnswers.Classes.ToDictionary(each => each.ToString(), each => coverage[each]),
        };
    }

    /// <summary>Another judge permits every answer but those that need a deviation.</summary>
    public CheckReport Of(ISystem system)
    {
        var clock = Stopwatch.StartNew();
        using var oracle = system.OpenTlbOracle()
            ?? throw new UserError($"The system {system.Name} does not say what TLBs may answer.");
        for (int index = 0; index < facts.Count; index++)
        {
            var (sequence, answers) = facts[index];
            int refused = oracle.FirstRefused(sequence, answers.AsSpan());
            if (refused >= 0 && !NeedsDeviation(sequence, answers))
            {
                var until = sequence with { Commands = sequence.Commands[..(refused + 1)] };
                CheckFailure failure = new(index, Story(until, answers), TlbText.Print(until), 0)
                {
                    Length = refused + 1,
                };
                return new(Name, system.Name, 0, index + 1, clock.Elapsed, failure);
            }
        }

        return new(Name, system.Name, 0, facts.Count, clock.Elapsed, null);
    }

    private string Story(in TlbSequence sequence, ImmutableArray<TlbAnswer> answers)
    {
        string told = TlbStory.Tell(sequence, answers.AsSpan(0, sequence.Commands.Length), deviations);
        return $"{source} answered so, and the last answer is called impossible:\n{told}";
    }

    private bool NeedsDeviation(in TlbSequence sequence, ImmutableArray<TlbAnswer> answers)
    {
        TlbFollower follower = new(deviations);
        return !follower.Follow(sequence, answers.AsSpan(), new()) || follower.Explained.Count > 0;
    }
}
