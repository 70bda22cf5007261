using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Cli.Check;

/// <summary>Reads the request for a layout that a file holds, such as a kept counterexample.</summary>
internal static class LayoutFile
{
    /// <exception cref="UserError">There is no such file, or it does not hold a request.</exception>
    public static LayoutRequest Read(string path) =>
        LayoutText.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a request for a layout: {reason}.");
}
