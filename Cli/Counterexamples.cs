using PageProof.Contract;
using PageProof.Properties.Harness;

namespace PageProof.Cli;

/// <summary>Keeps shrunk failures as files below the current folder's report/, to be run again.</summary>
public sealed class Counterexamples(string domain, string system)
{
    private const string Folder = "report/counterexamples";

    /// <summary>Keeps the failure of a report; the answer is the command that replays it.</summary>
    public string Keep(CheckReport report)
    {
        string file = $"{Folder}/{domain}-{report.System}-seed{report.Seed}-case{report.Failure!.Index}.case";
        foreach (char forbidden in Path.GetInvalidFileNameChars().Where(letter => letter != '/').Append(' '))
        {
            file = file.Replace(forbidden, '_');
        }

        try
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, report.Failure.Replay);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The counterexample cannot be kept in {Folder}: {refusal.Message}");
        }

        return $"pageproof check {domain} --system {system} --replay {file}";
    }
}
