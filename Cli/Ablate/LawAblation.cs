using System.Diagnostics;
using PageProof.Cli.Check;
using PageProof.Cli.Mutate;
using PageProof.Mutation.Bugs;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;
using PageProof.Properties.Harness;

namespace PageProof.Cli.Ablate;

/// <summary>Which laws notice one fault, whatever others do.</summary>
public sealed record FaultNotice(Patch Fault, IReadOnlyList<string> Laws);

/// <summary>What a law is worth: the faults that it notices, and those that would escape without it.</summary>
public sealed record LawWorth(string Law, int Noticed, IReadOnlyList<Patch> EscapeWithout);

/// <summary>
/// What would escape if a law were not there: each canary and each historical bug of a domain is put to every law of
/// it, and not only to the first that notices. A law without which nothing escapes is dropped, or is worth having
/// for a fault that nobody has put in yet.
/// </summary>
/// <param name="Laws">Every law of the domain, in the order in which they are run.</param>
/// <param name="Notices">One for each fault.</param>
/// <param name="Elapsed">How long all took.</param>
public sealed record LawAblation(
    IReadOnlyList<string> Laws, IReadOnlyList<FaultNotice> Notices, TimeSpan Elapsed)
{
    /// <summary>What each law is worth.</summary>
    public IReadOnlyList<LawWorth> Worths => [.. Laws.Select(law => new LawWorth(
        law,
        Notices.Count(notice => notice.Laws.Contains(law)),
        [.. Notices.Where(notice => notice.Laws is [var only] && only == law).Select(notice => notice.Fault)]))];

    /// <summary>The faults that no law notices within the cases.</summary>
    public IReadOnlyList<Patch> Unnoticed =>
        [.. Notices.Where(notice => notice.Laws.Count == 0).Select(notice => notice.Fault)];

    /// <summary>The faults that the laws of a domain are to notice: its canaries, and bugs of real systems.</summary>
    public static IReadOnlyList<Patch> FaultsOf(string domain) =>
    [
        .. CanaryHunt.Patches(domain),
        .. BugCatalogue.Read(ProjectSources.FindRoot()).Bugs
            .Where(bug => bug.Mode != BugMode.Theorem && bug.Patch.Domain == domain).Select(bug => bug.Patch),
    ];

    /// <summary>Puts each fault to each law; progress is told as the number of faults done.</summary>
    public static LawAblation Run(
        string domain, IReadOnlyList<Patch> faults, ulong seed, long? cases = null, Action<long>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        var laws = DomainLaws.Of(domain);
        var compiler = PatchCompiler.OfRepository();
        var length = RunLength.Of(cases ?? laws.CanaryCases);
        long done = 0;
        var reports = faults.AsParallel().AsOrdered().Select(fault =>
        {
            using var loaded = SystemAssembly.Load(compiler.Compile(fault));
            List<CheckReport> ofFault = [.. laws.RunAll(loaded.System, seed, length)];
            progress?.Invoke(Interlocked.Increment(ref done));
            return (Fault: fault, Reports: ofFault);
        }).ToList();
        return new(
            [.. reports.SelectMany(each => each.Reports).Select(report => report.Law).Distinct()],
            [.. reports.Select(each => new FaultNotice(each.Fault,
                [.. each.Reports.Where(report => report.Failure is not null).Select(report => report.Law)]))],
            clock.Elapsed);
    }
}
