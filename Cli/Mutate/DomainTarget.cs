using PageProof.Cli.Check;
using PageProof.Contract;
using PageProof.Implementation;
using PageProof.Mutation.Domain;
using PageProof.Mutation.Patches;
using PageProof.SmtModels.Paging;

namespace PageProof.Cli.Mutate;

/// <summary>The compiled code of a domain, and who judges its mutants.</summary>
/// <param name="Name">The domain, in lower case.</param>
/// <param name="Open">Finds the mutants.</param>
/// <param name="Control">What becomes of the code without a mutant.</param>
/// <param name="JudgeControl">Who says so.</param>
/// <param name="Judge">Who judges mutants.</param>
public sealed record DomainTarget(
    string Name, Func<DomainMutations> Open, DomainFate Control, DomainJudge JudgeControl, DomainJudge Judge)
    : IDisposable
{
    private const string Software = "SoftwareTlb";

    private LaneJudge? Lane { get; init; }

    /// <summary>The target of a domain.</summary>
    /// <exception cref="UserError">There are no such mutants.</exception>
    public static DomainTarget Of(string domain, ulong seed) => domain switch
    {
        "paging" => OfWalk(seed),
        "tlb" => OfCases(domain, seed, "Tlb", type => !type.StartsWith(Software, StringComparison.Ordinal)),
        "softtlb" => OfCases(domain, seed, "Tlb", type => type.StartsWith(Software, StringComparison.Ordinal)),
        "pagetables" => OfCases(domain, seed, "PageTables", _ => true),
        "hardening" => OfCases(domain, seed, "Hardening", _ => true),
        "frames" => OfCases(domain, seed, "Frames", _ => true),
        "reclaim" => OfCases(domain, seed, "Reclaim", _ => true),
        "zswap" => OfCases(domain, seed, "Swap.Compressed", _ => true),
        "swap" => OfCases(domain, seed, "Swap", _ => true),
        _ => throw new UserError($"There are no mutants of compiled code of '{domain}': "
            + "the domains are paging, pagetables, tlb, hardening, frames, reclaim, zswap, swap and softtlb."),
    };

    /// <inheritdoc/>
    public void Dispose() => Lane?.Dispose();

    /// <summary>The mutants of the walk that ships.</summary>
    public static DomainMutations OpenWalk() => DomainMutations.OfLifted(
        Shipped, PagingMethods.ImplementationWalk(4), PagingMethods.ImplementationWalk(5));

    private static string Shipped => typeof(ImplementationSystem).Assembly.Location;

    // What the theorem is about, judged by it, and by cases where it is not decided.
    private static DomainTarget OfWalk(ulong seed)
    {
        var judge = TheoremJudge.OfWalk(new CaseJudge("paging", seed).Judge);
        return new("paging", OpenWalk, DomainFate.Equivalent, judge.JudgeControl, judge.Judge);
    }

    // Cases through the door, and then the lane, which also has caches of other sizes.
    private static DomainTarget OfCases(string domain, ulong seed, string folder, Func<string, bool> isMeant)
    {
        _ = DomainLaws.Of(domain);
        LaneJudge lane = new(ProjectSources.FindRoot(), $"mutation,{domain}");
        CaseJudge cases = new(domain, seed);
        return new(
            domain,
            () => DomainMutations.OfTypes(Shipped, $"PageProof.Implementation.{folder}", isMeant),
            DomainFate.Survived,
            (assembly, cancellation) => Then(cases.JudgeControl(assembly, cancellation), assembly, cancellation),
            (assembly, cancellation) => Then(cases.Judge(assembly, cancellation), assembly, cancellation))
        {
            Lane = lane,
        };

        DomainVerdict Then(DomainVerdict first, string assembly, CancellationToken cancellation) =>
            first.Fate == DomainFate.Survived ? lane.Judge(assembly, cancellation) : first;
    }
}
