using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;

namespace PageProof.Properties.AddressSpaces;

/// <summary>
/// The laws of address spaces: those of kernels, with sequences that map, protect, move, lock, fork and access, and
/// leave files as they are; and the steps of copy-on-write, of a kernel that tells them.
/// </summary>
public static class AddressSpaceLaws
{
    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 6_000;

    /// <summary>What the sequences are about.</summary>
    public static KernelFocus Focus { get; } = new(
        kind => KernelFocus.IsOfFiles(kind) || kind == KernelCommandKind.Compact ? 0 : 1,
        each => !KernelFocus.IsOfFiles(each.Kind) && !KernelFocus.IsOfSwap(each),
        CasesToBind);

    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the sequence.</exception>
    public static string? Refutation(ISystem system, in KernelSequence asked) =>
        KernelLaws.Refutation(system, asked) ?? KernelSharingLaw.Refutation(system, asked);

    /// <summary>Every law put to the system.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return KernelAgreementLaw.Run(system, Focus, seed, length, workers, progress);
        if (KernelSharingLaw.IsAbout(system))
        {
            yield return KernelSharingLaw.Run(system, seed, length, workers, progress);
        }
    }
}
