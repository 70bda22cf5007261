using PageProof.Contract;
using PageProof.Contract.Reclaim;

namespace PageProof.Properties.Reclaim;

/// <summary>Opens the door of page replacement of a system, or says that it has none.</summary>
internal static class PolicyDoor
{
    public static IReplacementPolicy Open(ISystem system) => system.OpenPolicies()
        ?? throw new UserError($"The system {system.Name} replaces no pages that could be checked.");

    public static ReplacementCapabilities CapabilitiesOf(ISystem system)
    {
        using var door = Open(system);
        return door.Capabilities;
    }

    /// <summary>The answers to a sequence, in its batches.</summary>
    public static ReferenceAnswer[] Ask(this IReplacementPolicy door, in ReplacementSequence asked)
    {
        var references = asked.References.AsSpan();
        var answers = new ReferenceAnswer[references.Length];
        door.Reset(asked.Settings, references);
        for (int from = 0; from < references.Length; from += asked.Batch)
        {
            int count = Math.Min(asked.Batch, references.Length - from);
            door.Refer(references.Slice(from, count), answers.AsSpan(from, count));
        }

        return answers;
    }

    /// <summary>The pages in memory, in the order of their numbers.</summary>
    public static List<ResidentPage> Shown(this IReplacementPolicy door, in ReplacementSequence asked)
    {
        // Room for all pages there are, so that who keeps too many is heard.
        var pages = new ResidentPage[asked.References.Length + asked.Settings.Frames];
        int count = door.Show(pages);
        return [.. pages.Take(count).OrderBy(each => each.Page.Value)];
    }

    /// <summary>How many of the answers are misses.</summary>
    public static int Misses(this IEnumerable<ReferenceAnswer> answers) =>
        answers.Count(answer => answer.Outcome != ReferenceOutcome.Hit);
}
