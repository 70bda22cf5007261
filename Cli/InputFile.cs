using Microsoft.Win32.SafeHandles;
using PageProof.Contract;

namespace PageProof.Cli;

/// <summary>Opens what a user names, or says in one sentence why it cannot.</summary>
public static class InputFile
{
    /// <summary>Opens a file for reading; <paramref name="what"/> it should be, for the sentence.</summary>
    public static SafeFileHandle Open(string path, string what)
    {
        if (Directory.Exists(path))
        {
            throw new UserError($"{path} is a directory, not a {what}.");
        }

        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception missing) when (missing
            is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserError($"There is no {what} {path}.");
        }
        catch (ArgumentException)
        {
            throw new UserError($"'{path}' is not the name of a file.");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The {what} {path} cannot be read: {Reason(refusal)}.");
        }
    }

    /// <summary>The reason of the system for a refusal, without the full stop.</summary>
    public static string Reason(Exception refusal) => refusal.Message.TrimEnd('.');
}
