using PageProof.Contract;
using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Prove;

/// <summary>
/// Writes what a proof asks as SMT-LIB 2, a file for each question, which states the answer that the
/// proof needs: for any solver to check.
/// </summary>
public static class ProofFiles
{
    /// <summary>Writes the files of these tasks; the answer is how many.</summary>
    /// <exception cref="UserError">The folder cannot be written.</exception>
    public static int Write(IReadOnlyList<ProofTask> tasks, ProofSubject subject, string folder)
    {
        int count = 0;
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var task in tasks)
            {
                using var proof = task.Open(subject);
                foreach (var question in ProofQuestion.Of(task, proof))
                {
                    Write(question, Path.Combine(folder, NameOf(question)));
                    count++;
                }
            }
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError($"The files cannot be written to '{folder}': {InputFile.Reason(refusal)}.");
        }

        return count;
    }

    private static void Write(ProofQuestion question, string path)
    {
        string draft = $"{path}.{Environment.ProcessId}.part";
        using (var writer = new StreamWriter(draft))
        {
            question.Write(writer);
        }

        File.Move(draft, path, overwrite: true);
    }

    // Without letters that a shell takes for its own.
    private static string NameOf(ProofQuestion question) =>
        question.Name.Replace("'", "-witness", StringComparison.Ordinal).Replace(' ', '-') + ".smt2";
}
