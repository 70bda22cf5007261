using PageProof.Contract;
using PageProof.Properties.AddressSpaces;
using PageProof.Properties.Frames;
using PageProof.Properties.Hardening;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Properties.PageCache;
using PageProof.Properties.PageTables;
using PageProof.Properties.Paging;
using PageProof.Properties.Reclaim;
using PageProof.Properties.Swap;
using PageProof.Properties.Swap.Compressed;
using PageProof.Properties.Tlb;

namespace PageProof.Cli.Check;

/// <summary>Every law of a domain put to a system, one after the other as the reports are asked for.</summary>
public delegate IEnumerable<CheckReport> LawRun(
    ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null);

/// <summary>The laws of one domain: the one place where a command finds them by the domain's name.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="CanaryCases">The most cases for a canary: several times what the shyest has needed so far.</param>
/// <param name="RunAll">Runs them.</param>
/// <param name="Refutation">How a system breaks a law on what a file holds, or null when it does not.</param>
public sealed record DomainLaws(
    string Name, long CanaryCases, LawRun RunAll, Func<ISystem, string, string?> Refutation)
{
    /// <summary>The laws of every domain.</summary>
    public static IReadOnlyList<DomainLaws> All { get; } =
    [
        new("paging", 100_000, PagingLaws.RunAll,
            (system, file) => PagingLaws.Refutation(system, CaseFile.Read(file))),
        new("pagetables", 20_000, PageTableLaws.RunAll,
            (system, file) => PageTableLaws.Refutation(system, PageTableFile.Read(file))),
        new("tlb", 20_000, TlbChecks.RunAll,
            (system, file) => SequenceFile.IsOfPrograms(file)
                ? SequenceFile.Refutation(system, file)
                : TlbLaws.Refutation(system, SequenceFile.Read(file))),
        new("shootdown", 10_000, ShootdownLaw.RunAll, SequenceFile.Refutation),
        new("hardening", 20_000, HardeningLaws.RunAll,
            (system, file) => HardeningLaws.Refutation(system, KptiFile.Read(file))),
        new("frames", 4_000, FrameLaws.RunAll,
            (system, file) => FrameLaws.Refutation(system, FrameFile.Read(file))),
        new("reclaim", 8_000, PolicyLaws.RunAll,
            (system, file) => PolicyLaws.Refutation(system, PolicyFile.Read(file))),
        new("zswap", 8_000, CompressedLaws.RunAll,
            (system, file) => CompressedLaws.Refutation(system, CompressedFile.Read(file))),
        new("swap", 8_000, SwapLaws.RunAll,
            (system, file) => SwapLaws.Refutation(system, SwapSequenceFile.Read(file))),
        new("swaperrors", 200, SwapErrorLaw.RunAll,
            (system, file) => SwapErrorLaw.Refutation(system, SwapSequenceFile.Read(file))),
        new("aslr", 20_000, AslrLaws.RunAll,
            (system, file) => AslrLaws.Refutation(system, LayoutFile.Read(file))),
        new("softtlb", 20_000, SoftwareTlbLaws.RunAll,
            (system, file) => SoftwareTlbFile.Refutation(system, file)),
        new("kernel", 20_000, KernelLaws.RunAll,
            (system, file) => KernelLaws.Refutation(system, KernelFile.Read(file))),
        new("outofmemory", 800, KernelMissingFrameLaw.RunAll,
            (system, file) => KernelMissingFrameLaw.Refutation(system, KernelFile.Read(file))),
        new("pressure", 600, KernelPressureLaw.RunAll,
            (system, file) => KernelPressureLaw.Refutation(system, KernelFile.Read(file))),
        new("schedules", 6_000, KernelScheduleLaw.RunAll,
            (system, file) => KernelScheduleLaw.Refutation(system, KernelFile.ReadScheduled(file))),
        new("addressspaces", 2_000, AddressSpaceLaws.RunAll,
            (system, file) => AddressSpaceLaws.Refutation(system, KernelFile.Read(file))),
        new("pagecache", 4_000, PageCacheLaws.RunAll,
            (system, file) => KernelLaws.Refutation(system, KernelFile.Read(file))),
    ];

    /// <summary>The names of all domains, for help.</summary>
    public static string Names =>
        string.Join(", ", All.SkipLast(1).Select(each => each.Name)) + $" or {All[^1].Name}";

    /// <summary>The laws of the domain of that name.</summary>
    /// <exception cref="UserError">There is no such domain.</exception>
    public static DomainLaws Of(string name) => All.SingleOrDefault(each => each.Name == name)
        ?? throw new UserError($"There are no laws of '{name}': the domain is {Names}.");

    /// <summary>The report of the first law that is broken, or of the last when none is.</summary>
    public CheckReport FirstRefuted(ISystem system, ulong seed, RunLength length)
    {
        CheckReport? last = null;
        foreach (var report in RunAll(system, seed, length))
        {
            last = report;
            if (report.Failure is not null)
            {
                break;
            }
        }

        return last!;
    }
}
