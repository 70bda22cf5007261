using PageProof.Contract;

namespace PageProof.Cli;

/// <summary>
/// Writes a file whole or not at all: under another name in the same folder first, then renamed.
/// </summary>
public static class OutputFile
{
    /// <summary>Writes text; <paramref name="what"/> it is, for the sentence.</summary>
    public static void Write(string place, string what, string text) => Write(place, what, draft =>
    {
        using StreamWriter writer = new(draft);
        writer.Write(text);
    });

    /// <summary>Has a stream filled.</summary>
    public static void Write(string place, string what, Action<Stream> fill)
    {
        Check(place, what);
        string draft = $"{place}.{Environment.ProcessId}.part";
        try
        {
            using (FileStream stream = new(draft, FileMode.Create, FileAccess.Write))
            {
                fill(stream);
            }

            File.Move(draft, place, overwrite: true);
        }
        catch (ArgumentException)
        {
            throw new UserError($"The {what} cannot be written to '{place}': that is no file.");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The {what} cannot be written to {place}: {InputFile.Reason(refusal)}.");
        }
        finally
        {
            Discard(draft);
        }
    }

    /// <summary>Complains about a place where no file can be, before there is anything to write.</summary>
    public static void Check(string place, string what)
    {
        if (place.Length == 0 || Directory.Exists(place))
        {
            throw new UserError($"The {what} cannot be written to '{place}': that is no file.");
        }

        if (Path.GetDirectoryName(Path.GetFullPath(place)) is { } folder && !Directory.Exists(folder))
        {
            throw new UserError($"The {what} cannot be written to {place}: there is no folder {folder}.");
        }
    }

    private static void Discard(string draft)
    {
        if (File.Exists(draft))
        {
            File.Delete(draft);
        }
    }
}
