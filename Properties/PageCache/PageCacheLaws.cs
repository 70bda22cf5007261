using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;

namespace PageProof.Properties.PageCache;

/// <summary>
/// The laws of the page cache: those of kernels, with sequences that map files and read, write, cut and synchronise
/// them meanwhile.
/// </summary>
public static class PageCacheLaws
{
    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 6_000;

    /// <summary>What the sequences are about.</summary>
    public static KernelFocus Focus { get; } = new(Factor, IsOfFiles, CasesToBind);

    /// <summary>Every law put to the system.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return KernelAgreementLaw.Run(system, Focus, seed, length, workers, progress);
    }

    private static int Factor(KernelCommandKind kind) => kind switch
    {
        KernelCommandKind.Mmap or KernelCommandKind.Munmap or KernelCommandKind.Load or KernelCommandKind.Store
            or KernelCommandKind.Fork or KernelCommandKind.Exit or KernelCommandKind.Madvise
            or KernelCommandKind.Mlock or KernelCommandKind.ForceWrite or KernelCommandKind.Exec => 1,
        // Pipes have pages of files by reference.
        KernelCommandKind.PipeWrite or KernelCommandKind.PipeRead or KernelCommandKind.Splice
            or KernelCommandKind.VmSplice => 1,
        _ => KernelFocus.IsOfFiles(kind) ? 3 : 0,
    };

    private static bool IsOfFiles(KernelClass each) => Factor(each.Kind) > 0 && !KernelFocus.IsOfSwap(each)
        && (KernelFocus.IsOfFiles(each.Kind) || each is
    {
        Circumstance: KernelCircumstance.PrivateFile or KernelCircumstance.SharedFile
            or KernelCircumstance.CopyOfFile
    }
        or { Kind: KernelCommandKind.Load or KernelCommandKind.Store, Signal: MemorySignal.BeyondFile });
}
