using PageProof.Contract;
using PageProof.Contract.Tlb;

namespace PageProof.Cli.Check;

/// <summary>Reads the sequence that a file holds as text, such as a kept counterexample.</summary>
internal static class SequenceFile
{
    /// <exception cref="UserError">There is no such file, or it does not hold a sequence.</exception>
    public static TlbSequence Read(string path) =>
        TlbText.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a sequence: {reason}.");
}
