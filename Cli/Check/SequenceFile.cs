using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Tlb;

namespace PageProof.Cli.Check;

/// <summary>Reads the sequence that a file holds as text, such as a kept counterexample.</summary>
internal static class SequenceFile
{
    /// <summary>Whether the file holds programs and a schedule instead.</summary>
    public static bool IsOfPrograms(string path) =>
        CaseFile.ReadText(path).Split('\n')[0].Contains(" spaces ", StringComparison.Ordinal);

    /// <summary>How the programs of a file fail under its schedule, or null.</summary>
    /// <exception cref="UserError">The file does not hold programs, or the system cannot run them.</exception>
    public static string? Refutation(ISystem system, string path) =>
        ShootdownText.TryParse(CaseFile.ReadText(path), out var program, out var schedule, out string? reason)
            ? ShootdownLaw.Refutation(system, program, schedule)
            : throw new UserError($"{path} does not hold programs: {reason}.");

    /// <exception cref="UserError">There is no such file, or it does not hold a sequence.</exception>
    public static TlbSequence Read(string path) =>
        TlbText.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a sequence: {reason}.");
}
