using System.Text.Encodings.Web;
using System.Text.Json;

namespace PageProof.Cli;

/// <summary>
/// Writes one object as JSON, whole or not at all: under another name in the same folder first, then
/// renamed. Names are in snake case.
/// </summary>
public static class JsonFile
{
    /// <summary>The place that means the output of the command.</summary>
    public const string ToOutput = "-";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        // The text goes to files and pipes, never into a web page: R/W and + stay legible.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes to the file, or the output, that <c>--json</c> named; null is nowhere.</summary>
    public static void Write<T>(Terminal terminal, string? place, T content)
    {
        if (place is null)
        {
            return;
        }

        string text = JsonSerializer.Serialize(content, Options) + "\n";
        if (place == ToOutput)
        {
            terminal.Output.Write(text);
            return;
        }

        OutputFile.Write(place, "JSON", text);
    }
}
