using System.CommandLine;
using System.CommandLine.Parsing;

namespace PageProof.Cli;

/// <summary>What the options that commands share were set to.</summary>
/// <param name="Seed">The seed from which every random choice follows.</param>
/// <param name="Cases">How many cases to run; null leaves it to the command or the budget.</param>
/// <param name="Budget">How long to run; null leaves it to the command or the cases.</param>
/// <param name="Json">Where the report goes as JSON; null for nowhere, "-" for the output.</param>
/// <param name="Quiet">Whether to leave out progress and everything but the result.</param>
public sealed record CommonSettings(
    ulong Seed, long? Cases, TimeSpan? Budget, string? Json, bool Quiet);

/// <summary>
/// The options that have one name and one meaning in all commands. A command takes all by
/// <see cref="AddTo"/>, or one by one those that it uses.
/// </summary>
public sealed class CommonOptions
{
    /// <summary>The seed of a run that names none, so that two such runs agree.</summary>
    public const ulong SeedDefault = 1;

    /// <summary>--seed N.</summary>
    public Option<ulong> Seed { get; } = new("--seed")
    {
        HelpName = "N",
        Description = $"The seed from which every random choice follows; {SeedDefault} when not given.",
        DefaultValueFactory = _ => SeedDefault,
        CustomParser = Numbers.Parser(0, ulong.MaxValue, number => number, "a number"),
    };

    /// <summary>--cases N.</summary>
    public Option<long?> Cases { get; } = new("--cases")
    {
        HelpName = "N",
        Description = "Run exactly so many cases.",
        CustomParser = Numbers.Parser<long?>(
            1, long.MaxValue, number => (long)number, "a number from 1"),
    };

    /// <summary>--budget 60s.</summary>
    public Option<TimeSpan?> Budget { get; } = new("--budget")
    {
        HelpName = "TIME",
        Description = "Run for so long, such as 60s, 500ms, 2m or 1h.",
        CustomParser = ParseBudget,
    };

    /// <summary>--json FILE.</summary>
    public Option<string?> Json { get; } = new("--json")
    {
        HelpName = "FILE",
        Description = "Also write the result as one JSON object; - writes it to the output instead.",
    };

    /// <summary>--quiet.</summary>
    public Option<bool> Quiet { get; } = new("--quiet")
    {
        Description = "No progress, only the result.",
    };

    /// <summary>Gives a command all the shared options.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Seed, Cases, Budget, Json, Quiet])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The settings of a command that has all the shared options.</summary>
    public CommonSettings Read(ParseResult parsed) => new(
        parsed.GetValue(Seed),
        parsed.GetValue(Cases),
        parsed.GetValue(Budget),
        parsed.GetValue(Json),
        parsed.GetValue(Quiet));

    private static TimeSpan? ParseBudget(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Numbers.TryParseTime(text, out var time))
        {
            return time;
        }

        result.AddError($"--budget takes a time such as 60s, 500ms, 2m or 1h, not '{text}'.");
        return null;
    }
}
