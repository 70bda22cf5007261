using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Properties.Kernel;

namespace PageProof.Cli.Check;

/// <summary>Reads the sequence for a kernel that a file holds, such as a kept counterexample.</summary>
internal static class KernelFile
{
    /// <exception cref="UserError">There is no such file, or it does not hold a sequence.</exception>
    public static KernelSequence Read(string path) =>
        KernelText.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a sequence: {reason}.");

    /// <exception cref="UserError">There is no such file, or it does not hold a sequence and its schedule.</exception>
    public static ScheduledCase ReadScheduled(string path) =>
        ScheduledCase.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a sequence: {reason}.");
}
