using PageProof.Contract;
using PageProof.Contract.Reclaim;

namespace PageProof.Properties.Reclaim;

/// <summary>
/// What holds of every policy, whichever page it chooses: hits are the pages that came and did not go, memory fills
/// before anything goes, and a page is written back when it goes if it was written since it came. Recounted the
/// slow way.
/// </summary>
public sealed class BookkeepingLaw(ISystem system) : PolicyLaw(system)
{
    /// <summary>The law in plain words.</summary>
    public const string Title = "what is in memory came and did not go, and is as dirty as it was written";

    public override string Name => Title;

    internal override string? Refusal(IReplacementPolicy door, in ReplacementSequence asked)
    {
        // Of each page in memory, whether it was written since it came.
        Dictionary<PageNumber, bool> kept = [];
        var answers = door.Ask(asked);
        bool cleans = asked.Settings.Kind == ReplacementKind.WsClock;
        for (int place = 0; place < answers.Length; place++)
        {
            var (page, answer) = (asked.References[place].Page, answers[place]);
            string? wrong = Wrong(kept, asked.Settings.Frames, page, answer)
                ?? (answer.Outcome != ReferenceOutcome.Replaced
                    ? answer.IsDirty || answer.Cleaned != 0 ? "nothing goes, so nothing is written back" : null
                    : cleans ? answer.IsDirty && !kept[answer.Victim] ? "the victim was not written" : null
                    : answer.IsDirty != kept[answer.Victim] ? "the victim is dirty just if it was written" : null)
                ?? (answer.Cleaned != 0 && !cleans ? "the policy cleans nothing that stays" : null);
            if (wrong is not null)
            {
                return $"reference {place + 1}: {wrong}";
            }

            if (answer.Outcome == ReferenceOutcome.Replaced)
            {
                kept.Remove(answer.Victim);
            }

            bool writes = asked.References[place].Mask.HasFlag(ReferenceMask.Write);
            kept[page] = writes || kept.GetValueOrDefault(page);
        }

        var shown = door.Shown(asked);
        return !shown.Select(each => each.Page.Value).SequenceEqual(kept.Keys.Select(each => each.Value).Order())
            ? $"it shows {string.Join(", ", shown.Select(each => each.Page))} in memory at the end"
            : shown.Any(each => cleans ? each.IsDirty && !kept[each.Page] : each.IsDirty != kept[each.Page])
                ? "what is dirty at the end is not what was written" : null;
    }

    private static string? Wrong(
        Dictionary<PageNumber, bool> kept, int frames, PageNumber page, ReferenceAnswer answer) =>
        answer.Outcome switch
        {
            ReferenceOutcome.Hit => kept.ContainsKey(page) ? null : "the page was not in memory",
            ReferenceOutcome.Filled => kept.ContainsKey(page) ? "the page was in memory"
                : kept.Count < frames ? null : "no frame was free",
            ReferenceOutcome.Replaced => kept.ContainsKey(page) ? "the page was in memory"
                : kept.Count < frames ? "a frame was free"
                : kept.ContainsKey(answer.Victim) ? null : "the victim was not in memory",
            _ => "there is no answer",
        };
}
