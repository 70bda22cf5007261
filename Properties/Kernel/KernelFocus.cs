using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>Which commands the sequences of a domain are about, and which classes they have to reach.</summary>
/// <param name="Factor">By how much the weight of a command is multiplied; 0 for one that is left out.</param>
/// <param name="Covers">Whether a class has to be reached.</param>
/// <param name="CasesToBind">How many sequences bring the rarest class to its floor: measured, and a margin.</param>
public sealed record KernelFocus(
    Func<KernelCommandKind, int> Factor, Func<KernelClass, bool> Covers, long CasesToBind)
{
    /// <summary>All of it.</summary>
    public static KernelFocus Everything { get; } =
        new(_ => 1, each => !IsOfSwap(each) || each.Kind == KernelCommandKind.Compact, KernelCoverage.CasesToBind);

    /// <summary>Whether a class is about swap, or frames that are given up or moved.</summary>
    public static bool IsOfSwap(in KernelClass each) =>
        each.Kind >= KernelCommandKind.SwapOn || each.Circumstance == KernelCircumstance.Pressed;

    /// <summary>Whether a command is about the bytes of a file, and not about the memory of a process.</summary>
    public static bool IsOfFiles(KernelCommandKind kind) => kind is KernelCommandKind.FileRead
        or KernelCommandKind.FileWrite or KernelCommandKind.Truncate or KernelCommandKind.PunchHole
        or KernelCommandKind.Fsync or KernelCommandKind.Msync;
}
