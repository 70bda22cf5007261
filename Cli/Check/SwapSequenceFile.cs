using PageProof.Contract;
using PageProof.Contract.Swap;

namespace PageProof.Cli.Check;

/// <summary>Reads the sequence for swap devices that a file holds, such as a kept counterexample.</summary>
internal static class SwapSequenceFile
{
    /// <exception cref="UserError">There is no such file, or it does not hold a sequence.</exception>
    public static SwapSequence Read(string path) =>
        SwapText.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a sequence: {reason}.");
}
