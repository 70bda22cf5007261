using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// What a real system answered once binds the Spec, and binds any other system without the Spec.
/// Facts that a known deviation of their system explains bind nobody.
/// </summary>
public sealed class FactLaw(
    string source,
    IReadOnlyList<(TranslationCase Case, TranslationAnswer Answer)> facts,
    IReadOnlyList<Deviation> deviations)
{
    /// <summary>
    /// The Spec permits every answer, and where reality has no choice it leaves none: after a walk
    /// that completed, no word may have been left with A, D or a third bit otherwise.
    /// </summary>
    public CheckReport OfSpec()
    {
        var clock = Stopwatch.StartNew();
        Dictionary<string, long> explained = [];
        for (int index = 0; index < facts.Count; index++)
        {
            var (asked, answer) = facts[index];
            var end = TranslationSpec.Walk(asked);
            bool isKnown = Disagreement.Of(asked, end, answer) is not null;
            if (isKnown && !IsKnown(asked, end.Outcome, answer, explained))
            {
                CheckFailure failure = new(
                    index, TranslationStory.Tell(asked, end, answer), CaseText.Print(asked), 0);
                return Report("spec", index + 1, clock.Elapsed, failure, explained);
            }

            if (!isKnown && TooLoose(asked, answer) is { } story)
            {
                CheckFailure failure = new(index, story, CaseText.Print(asked), 0);
                return Report("spec", index + 1, clock.Elapsed, failure, explained);
            }
        }

        return Report("spec", facts.Count, clock.Elapsed, null, explained);
    }

    private string? TooLoose(in TranslationCase asked, in TranslationAnswer answer)
    {
        const ulong ThirdBit = 1UL << 9;
        bool completed = answer.Outcome.Kind == OutcomeKind.Translated;
        if (!completed || !answer.Known.HasFlag(AnswerParts.Words))
        {
            return null;
        }

        for (int word = 0; word < asked.Words.Length; word++)
        {
            foreach (ulong flipped in (ulong[])[(ulong)EntryBit.Accessed, (ulong)EntryBit.Dirty, ThirdBit])
            {
                PagingEntry left = new(answer.Left[word].Value ^ flipped);
                if (TranslationSpec.Permits(asked, word, left))
                {
                    return $"{asked.Access}: {source} left {asked.Words[word].Address} as {answer.Left[word]}, "
                        + $"and the Spec also permits {left}\n    "
                        + CaseText.Print(asked).TrimEnd().Replace("\n", "\n    ");
                }
            }
        }

        return null;
    }

    /// <summary>
    /// The system answers as the real one did, as far as that one could see; the Spec has no say. A
    /// of a walk that ends in a fault is either way.
    /// </summary>
    public CheckReport Of(ISystem system)
    {
        var clock = Stopwatch.StartNew();
        Dictionary<string, long> explained = [];
        using var translator = Doors.Translator(system);
        var cases = facts.Select(fact => fact.Case).ToArray();
        var answers = new TranslationAnswer[cases.Length];
        translator.Translate(cases, answers);
        for (int index = 0; index < cases.Length; index++)
        {
            var recorded = facts[index].Answer;
            string? part = Disagreement.OfOutcome(answers[index].Outcome, recorded)
                ?? DifferentMarks(cases[index], answers[index], recorded);
            if (part is not null && !IsKnown(cases[index], answers[index].Outcome, recorded, explained))
            {
                string story = $"{cases[index].Access}: they differ in {part}\n"
                    + $"  {source} said  {recorded.Outcome}\n"
                    + $"  the system says  {answers[index].Outcome}\n"
                    + $"  as a case:\n    {CaseText.Print(cases[index]).TrimEnd().Replace("\n", "\n    ")}";
                CheckFailure failure = new(index, story, CaseText.Print(cases[index]), 0);
                return Report(system.Name, index + 1, clock.Elapsed, failure, explained);
            }
        }

        return Report(system.Name, cases.Length, clock.Elapsed, null, explained);
    }

    private CheckReport Report(
        string system, long cases, TimeSpan elapsed, CheckFailure? failure, Dictionary<string, long> explained) =>
        new($"recorded answers of {source} hold", system, 0, cases, elapsed, failure) { Explained = explained };

    private static string? DifferentMarks(
        in TranslationCase asked, in TranslationAnswer answer, in TranslationAnswer recorded)
    {
        if (!(answer.Known & recorded.Known).HasFlag(AnswerParts.Words))
        {
            return null;
        }

        bool completed = recorded.Outcome.Kind == OutcomeKind.Translated;
        ulong compared = completed ? ulong.MaxValue : ~(ulong)EntryBit.Accessed;
        for (int word = 0; word < asked.Words.Length; word++)
        {
            if (((answer.Left[word].Value ^ recorded.Left[word].Value) & compared) != 0)
            {
                return $"the word at {asked.Words[word].Address}";
            }
        }

        return null;
    }

    private bool IsKnown(
        in TranslationCase asked,
        in TranslationOutcome expected,
        in TranslationAnswer answer,
        Dictionary<string, long> explained)
    {
        foreach (var deviation in deviations)
        {
            if (deviation.Explains(asked, expected, answer))
            {
                explained[deviation.Name] = explained.GetValueOrDefault(deviation.Name) + 1;
                return true;
            }
        }

        return false;
    }
}
