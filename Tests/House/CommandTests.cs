using System.Text.RegularExpressions;
using PageProof.Tests.Cli;

namespace PageProof.Tests.House;

/// <summary>The commands that the documents show are commands of the tool, with options that it has.</summary>
public sealed partial class CommandTests
{
    private static readonly string[] OfTheScript = ["test"];

    public static TheoryData<string> Commands => [.. Repository.Files
        .Where(file => file == ".ci/run" || Path.GetExtension(file) is ".md" or ".yml")
        .SelectMany(file => CommandInText().Matches(Repository.Read(file)))
        .Select(match => match.Groups[1].Value.Trim())
        .Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_in_a_document_is_one_of_the_tool(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string command = words[0];
        if (command.StartsWith('-') || OfTheScript.Contains(command))
        {
            return;
        }

        var help = ToolRun.Of(command, "--help");
        Assert.Equal(0, help.ExitCode);
        foreach (string option in words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
        {
            Assert.Contains(option.Split('=')[0], help.Output);
        }
    }

    [GeneratedRegex(@"\./pageproof ([^`\n|#>&;]+)")]
    private static partial Regex CommandInText();
}
