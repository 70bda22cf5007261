using PageProof.Contract;
using PageProof.Contract.PageTables;

namespace PageProof.Cli.Check;

/// <summary>Reads the sequence of edits that a file holds as text, such as a kept counterexample.</summary>
internal static class PageTableFile
{
    /// <exception cref="UserError">There is no such file, or it does not hold a sequence.</exception>
    public static PageTableSequence Read(string path) =>
        PageTableText.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a sequence: {reason}.");
}
