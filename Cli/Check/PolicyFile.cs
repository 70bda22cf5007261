using PageProof.Contract;
using PageProof.Contract.Reclaim;

namespace PageProof.Cli.Check;

/// <summary>Reads the references for a replacement policy that a file holds, such as a kept counterexample.</summary>
internal static class PolicyFile
{
    /// <exception cref="UserError">There is no such file, or it does not hold a sequence.</exception>
    public static ReplacementSequence Read(string path) =>
        ReplacementText.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a sequence: {reason}.");
}
