using PageProof.Contract;
using PageProof.Contract.Reclaim;

namespace PageProof.Properties.Reclaim;

/// <summary>
/// The stack property: what LRU and OPT keep in some frames they also keep in one more, at any time. So every hit
/// stays a hit, and there is no anomaly.
/// Source: Mattson, Gecsei, Slutz and Traiger, "Evaluation techniques for storage hierarchies", 1970.
/// </summary>
public sealed class StackLaw(ISystem system) : PolicyLaw(system)
{
    /// <summary>The law in plain words.</summary>
    public const string Title = "what LRU and OPT keep in some frames they keep in more";

    private static readonly ReplacementKind[] Stacks = [ReplacementKind.Lru, ReplacementKind.Opt];

    public override string Name => Title;

    internal override string? Refusal(IReplacementPolicy door, in ReplacementSequence asked)
    {
        foreach (var kind in Stacks.Where(door.Capabilities.Kinds.Contains))
        {
            var few = asked with { Settings = asked.Settings with { Kind = kind } };
            var more = asked with { Settings = few.Settings with { Frames = asked.Settings.Frames + 1 } };
            var answers = door.Ask(few);
            var pages = door.Shown(few).Select(each => each.Page).ToList();
            var roomier = door.Ask(more);
            for (int place = 0; place < answers.Length; place++)
            {
                if (answers[place].Outcome == ReferenceOutcome.Hit && roomier[place].Outcome != ReferenceOutcome.Hit)
                {
                    return $"reference {place + 1} is a hit of {ReplacementText.Of(kind)} in {few.Settings.Frames} "
                        + "frames, and a miss in one more";
                }
            }

            var left = pages.Except(door.Shown(more).Select(each => each.Page)).ToList();
            if (left.Count > 0)
            {
                return $"{left[0]} is kept by {ReplacementText.Of(kind)}, and not in one frame more";
            }
        }

        return null;
    }
}
