using System.Text.Json.Serialization;

namespace PageProof.Cli;

/// <summary>
/// What a command found, as one JSON object with the same members for all: figures by name, and what
/// failed in words.
/// </summary>
public sealed class Report(string command, ulong seed)
{
    /// <summary>The command that was run.</summary>
    [JsonPropertyOrder(0)]
    public string Command { get; } = command;

    /// <summary>The seed that repeats the run.</summary>
    [JsonPropertyOrder(1)]
    public ulong Seed { get; } = seed;

    /// <summary>Whether all held.</summary>
    [JsonPropertyOrder(2)]
    public bool Ok { get; set; } = true;

    /// <summary>How long the run took.</summary>
    [JsonPropertyOrder(3)]
    public double Seconds { get; set; }

    /// <summary>Numbers by name, in snake case.</summary>
    [JsonPropertyOrder(4)]
    public SortedDictionary<string, double> Figures { get; } = new(StringComparer.Ordinal);

    /// <summary>What was refuted, one text each: the shrunk counterexample and how to repeat it.</summary>
    [JsonPropertyOrder(5)]
    public List<string> Failures { get; } = [];

    /// <summary>Writes the object where <c>--json</c> asked for it, if it did.</summary>
    public void Write(Terminal terminal, string? place) => JsonFile.Write(terminal, place, this);
}
