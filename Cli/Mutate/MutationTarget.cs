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

    /// <summary>The mutants of a whole project, to be made and not judged: its tests touch none of them.</summary>
    public MutationTarget Listing
    {
        get
        {
            string project = Folder.Split('/')[0];
            return project == "SmtModels" ? this with { Lane = Controls.Lane } : new(
                project, $"all-{project.ToLowerInvariant()}", $"all-{project.ToLowerInvariant()}", Controls.Lane,
                project, 0);
        }
    }

    /// <summary>Whether a file, relative to the root, is one of its sources.</summary>
    public bool Has(string file) => file.StartsWith(Folder + "/", StringComparison.Ordinal)
        && (Folder.EndsWith(Compressed, StringComparison.Ordinal)
            || !file.Contains($"/{Compressed}/", StringComparison.Ordinal));

    /// <summary>The sets of every domain that has any.</summary>
    public static IEnumerable<MutationTarget> All =>
        Names.SelectMany(domain => Of(domain, null)).Append(Of("kernel", "recorded")[0]);

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
            "swap" => "Swap",
            "zswap" => Compressed,
            _ => throw new UserError($"There are no mutants of '{domain}': the domains are {Domains}."),
        };

        MutationTarget implementation = new(
            "Implementation", "implementation", domain, $"mutation,{domain},implementation",
            $"Implementation/{folder}", WantedOf(domain));
        MutationTarget spec = new(
            "Spec", "spec", $"{domain}-spec", $"mutation,{domain}", $"Spec/{folder}", WantedOf(domain));
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

    private static double WantedOf(string domain) => domain switch
    {
        "paging" or "tlb" => 97,
        "addressspaces" or "kernel" => 90,
        _ => 93,
    };

    private const string Compressed = "Swap/Compressed";

    private static readonly string[] Names =
    [
        "paging", "tlb", "pagetables", "hardening", "frames", "addressspaces", "pagecache", "kernel", "reclaim", "swap",
        "zswap", "lifting",
    ];

    /// <summary>Whose code can be mutated.</summary>
    public const string Domains = "paging, tlb, pagetables, hardening, frames, addressspaces, pagecache, "
        + "kernel, reclaim, swap, zswap and lifting";

    /// <summary>What <c>--of</c> can be.</summary>
    public const string Kinds = "implementation, spec or recorded";
}
