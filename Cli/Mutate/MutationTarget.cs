using PageProof.Contract;

namespace PageProof.Cli.Mutate;

/// <summary>One set of mutants: whose sources are changed, and which tests have to notice.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Figure">The prefix of its figures in the JSON.</param>
/// <param name="Configuration">The file of mutation-config, without its ending.</param>
/// <param name="Lane">The lane of tests.</param>
/// <param name="Folder">The sources, relative to the root.</param>
/// <param name="ScoreMin">The least score, in percent, with which the set passes.</param>
public sealed record MutationTarget(
    string Name, string Figure, string Configuration, string Lane, string Folder, double ScoreMin)
{
    /// <summary>The mutants of which each one's fate is known: see <see cref="ControlResult"/>.</summary>
    public static MutationTarget Controls { get; } = new(
        "controls", "controls", "controls", "mutation,controls", "Mutation/Controls", 0);

    /// <summary>The lifter: what its differential tests notice.</summary>
    public static MutationTarget Lifting { get; } = new(
        "Lifter", "lifting", "lifting", "mutation,lifting", "SmtModels/Lifting", 85);

    /// <summary>The sets of a domain.</summary>
    /// <param name="domain">The domain, in lower case.</param>
    /// <param name="which">One of <see cref="Kinds"/>, or null for those that make the score.</param>
    public static IReadOnlyList<MutationTarget> Of(string domain, string? which)
    {
        if (domain == "lifting")
        {
            return which is null ? [Lifting] : throw new UserError("--of is not for lifting, which is one set.");
        }

        string folder = domain switch
        {
            "paging" => "Paging",
            "tlb" => "Tlb",
            "pagetables" => "PageTables",
            "hardening" => "Hardening",
            "frames" => "Frames",
            "addressspaces" => "AddressSpaces",
            "pagecache" => "PageCache",
            "kernel" => "Kernel",
            "reclaim" => "Reclaim",
            "zswap" => "Swap/Compressed",
            _ => throw new UserError($"There are no mutants of '{domain}': the domains are {Domains}."),
        };

        MutationTarget implementation = new(
            "Implementation", "implementation", domain, $"mutation,{domain},implementation",
            $"Implementation/{folder}", 95);
        MutationTarget spec = new(
            "Spec", "spec", $"{domain}-spec", $"mutation,{domain}", $"Spec/{folder}", 95);
        MutationTarget recorded = spec with
        {
            Name = "Spec, by recorded facts alone",
            Figure = "recorded",
            Lane = $"mutation,{domain},recorded",
            ScoreMin = domain == "kernel" ? 75 : 85,
        };
        return which switch
        {
            null => [implementation, spec],
            "implementation" => [implementation],
            "spec" => [spec],
            "recorded" when domain is "paging" or "tlb" or "kernel" => [recorded],
            "recorded" => throw new UserError($"Nothing of '{domain}' has been recorded."),
            _ => throw new UserError($"'{which}' cannot be mutated: it is one of {Kinds}."),
        };
    }

    /// <summary>Whose code can be mutated.</summary>
    public const string Domains = "paging, tlb, pagetables, hardening, frames, addressspaces, pagecache, "
        + "kernel, reclaim, zswap and lifting";

    /// <summary>What <c>--of</c> can be.</summary>
    public const string Kinds = "implementation, spec or recorded";
}
