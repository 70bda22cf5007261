using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Tlb;

namespace PageProof.Cli.Check;

/// <summary>Puts what a file holds as text to a software-filled TLB, or to the kernel that fills one.</summary>
internal static class SoftwareTlbFile
{
    /// <exception cref="UserError">There is no such file, or it holds no sequence of either kind.</exception>
    public static string? Refutation(ISystem system, string path)
    {
        string text = CaseFile.ReadText(path);
        if (SoftwareTlbKernelText.TryParse(text, out var ofKernel, out _))
        {
            return SoftwareTlbLaws.Refutation(system, ofKernel);
        }

        return SoftwareTlbText.TryParse(text, out var sequence, out string? reason)
            ? SoftwareTlbLaws.Refutation(system, sequence)
            : throw new UserError($"{path} does not hold a sequence: {reason}.");
    }
}
