using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Cli.Check;

/// <summary>Reads the sequence for an isolating kernel that a file holds, such as a kept counterexample.</summary>
internal static class KptiFile
{
    /// <exception cref="UserError">There is no such file, or it does not hold a sequence.</exception>
    public static KptiSequence Read(string path) =>
        KptiText.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a sequence: {reason}.");
}
