using PageProof.Contract;
using PageProof.Contract.Frames;

namespace PageProof.Cli.Check;

/// <summary>Reads the sequence for an allocator that a file holds, such as a kept counterexample.</summary>
internal static class FrameFile
{
    /// <exception cref="UserError">There is no such file, or it does not hold a sequence.</exception>
    public static FrameSequence Read(string path) =>
        FrameText.TryParse(CaseFile.ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a sequence: {reason}.");
}
