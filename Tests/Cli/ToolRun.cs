using PageProof.Cli;

namespace PageProof.Tests.Cli;

/// <summary>One command line of the tool, run in this process.</summary>
public sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public static ToolRun Of(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = Program.Run(arguments, output, error);
        return new(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Demands the way in which every bad input ends, and gives the sentence.</summary>
    public string MustRefuse()
    {
        string said = $"output: {Output}, error: {Error}";
        Assert.True(ExitCode == PageProof.Cli.ExitCode.BadInput, said);
        Assert.Empty(Output);
        string line = Assert.Single(Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("pageproof: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.Contains(line[^1], ".?");
        return line;
    }

    /// <summary>Demands that the command came to its end, and gives what it printed.</summary>
    public string MustHold()
    {
        Assert.True(ExitCode == PageProof.Cli.ExitCode.Held, Error);
        Assert.Empty(Error);
        return Output;
    }
}
