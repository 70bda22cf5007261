using System.Text;
using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Cli;

/// <summary>Reads the case that a file holds as text, such as a kept counterexample.</summary>
public static class CaseFile
{
    private const int LengthMax = 1 << 20;

    /// <exception cref="UserError">There is no such file, or it does not hold a case.</exception>
    public static TranslationCase Read(string path) =>
        CaseText.TryParse(ReadText(path), out var read, out string? reason)
            ? read
            : throw new UserError($"{path} does not hold a case: {reason}.");

    internal static string ReadText(string path)
    {
        using var file = new FileStream(InputFile.Open(path, "case"), FileAccess.Read);
        var text = new byte[LengthMax];
        int length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        return length < text.Length
            ? Encoding.UTF8.GetString(text, 0, length)
            : throw new UserError($"{path} is too long for a case.");
    }
}
