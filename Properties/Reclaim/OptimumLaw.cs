using PageProof.Contract;
using PageProof.Contract.Reclaim;

namespace PageProof.Properties.Reclaim;

/// <summary>No policy misses less often than the one that knows the future.</summary>
public sealed class OptimumLaw(ISystem system) : PolicyLaw(system)
{
    /// <summary>The law in plain words.</summary>
    public const string Title = "no policy misses less often than OPT";

    public override string Name => Title;

    internal override string? Refusal(IReplacementPolicy door, in ReplacementSequence asked)
    {
        if (!door.Capabilities.Kinds.Contains(ReplacementKind.Opt))
        {
            return null;
        }

        int least = Misses(door, asked, ReplacementKind.Opt);
        foreach (var kind in door.Capabilities.Kinds)
        {
            int misses = Misses(door, asked, kind);
            if (misses < least)
            {
                return $"{ReplacementText.Of(kind)} misses {misses} times, and OPT {least} times";
            }
        }

        return null;
    }

    private static int Misses(IReplacementPolicy door, ReplacementSequence asked, ReplacementKind kind) =>
        door.Ask(asked with { Settings = asked.Settings with { Kind = kind } }).Misses();
}
