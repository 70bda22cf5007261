using PageProof.Contract;

namespace PageProof.Mutation.Patches;

/// <summary>
/// What stands above the diff of a patch: fields of a word, a colon and text, which may go on in the
/// lines below.
/// </summary>
public sealed class PatchHeader
{
    private static readonly string[] Keys =
        ["Name", "Law", "Why", "Domain", "Bug", "Year", "Mode", "Shortest"];

    private readonly string _file;
    private readonly Dictionary<string, string> _fields = [];

    private PatchHeader(string file) => _file = file;

    /// <summary>The text of a field.</summary>
    /// <exception cref="UserError">The header lacks it.</exception>
    public string this[string key] => _fields.TryGetValue(key, out string? value) && value.Length > 0
        ? value
        : throw new UserError($"{_file} lacks the line '{key}:' in its header.");

    /// <summary>Reads the lines above the diff of <paramref name="file"/>.</summary>
    public static PatchHeader Read(string file, ReadOnlySpan<string> lines)
    {
        PatchHeader header = new(file);
        string? current = null;
        foreach (string line in lines)
        {
            // A line without a known key goes on with the field before it.
            string? key = Keys.FirstOrDefault(key => line.StartsWith(key + ":", StringComparison.Ordinal));
            if (key is not null)
            {
                current = key;
                header._fields[key] = line[(key.Length + 1)..].Trim();
            }
            else if (current is not null && line.Trim() is { Length: > 0 } more
                && !more.StartsWith("diff ", StringComparison.Ordinal)
                && !more.StartsWith("index ", StringComparison.Ordinal))
            {
                header._fields[current] += " " + more;
            }
        }

        return header;
    }

    /// <summary>The number that a field holds.</summary>
    /// <exception cref="UserError">It holds none, or the header lacks it.</exception>
    public int Number(string key) => int.TryParse(this[key], out int number) && number > 0
        ? number
        : throw new UserError($"{_file} should have a number in the line '{key}:'.");
}
