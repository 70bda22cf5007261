using PageProof.Contract;

namespace PageProof.Cli.Verify;

/// <summary>The current folder's report/, where pages are written.</summary>
internal static class ReportFolder
{
    private const string Folder = "report";

    /// <summary>Writes the page, whole or not at all; the answer is its path.</summary>
    public static string Write(string page)
    {
        string path = $"{Folder}/index.html";
        try
        {
            Directory.CreateDirectory(Folder);
            string draft = $"{path}.{Environment.ProcessId}.part";
            File.WriteAllText(draft, page);
            File.Move(draft, path, overwrite: true);
            return path;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The report cannot be written to {path}: {refusal.Message}");
        }
    }
}
