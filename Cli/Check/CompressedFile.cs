using PageProof.Contract;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Cli.Check;

/// <summary>Reads the sequence for a compressed store that a file holds, such as a kept counterexample.</summary>
internal static class CompressedFile
{
    /// <exception cref="UserError">There is no such file, or it does not hold a sequence.</exception>
    public static CompressedSequence Read(string path) =>
        CompressedText.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a sequence: {reason}.");
}
