using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using PageProof.Cli;
using PageProof.Contract;

namespace PageProof.Tests.Cli;

/// <summary>What all commands of the tool share.</summary>
public sealed class ToolTests
{
    [Theory]
    [InlineData("Which command?")]
    [InlineData("'fly'", "fly")]
    [InlineData("'--fly'", "--fly")]
    [InlineData("'@walk'", "@walk")]
    public void A_command_line_that_is_none(string named, params string[] arguments) =>
        Assert.Contains(named, ToolRun.Of(arguments).MustRefuse(), StringComparison.Ordinal);

    [Theory]
    [InlineData("--help")]
    [InlineData("walk", "--help")]
    public void Help_within_the_width(params string[] arguments)
    {
        string help = ToolRun.Of(arguments).MustHold();
        Assert.Contains("walk", help, StringComparison.Ordinal);
        string[] lines = help.Split('\n');
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, Terminal.WidthMax));
    }

    [Fact]
    public void A_bug_of_the_tool_shows_no_stack_trace()
    {
        using var error = new StringWriter();
        using var output = new BrokenWriter(new InvalidOperationException("Odd."));
        int exitCode = Program.Run(["--help"], output, error);
        Assert.Equal(70, exitCode);
        string line = Assert.Single(error.ToString().TrimEnd('\n').Split('\n'));
        const string Begin = "pageproof: internal error: InvalidOperationException: Odd.";
        Assert.StartsWith(Begin, line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_no_bug()
    {
        using var error = new StringWriter();
        using var output = new BrokenWriter(new IOException("No space left"));
        int exitCode = Program.Run(["--help"], output, error);
        Assert.Equal(ExitCode.BadInput, exitCode);
        Assert.Equal("pageproof: The system refused: No space left.\n", error.ToString());
    }

    [Fact]
    public void The_process_ends_with_the_code_and_the_sentence()
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "pageproof.dll");
        string[] arguments = [tool, "walk", "nowhere", "0"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string error = process.StandardError.ReadToEnd();
        Assert.Empty(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.Equal("pageproof: There is no memory image nowhere.\n", error);
        Assert.Equal(ExitCode.BadInput, process.ExitCode);
    }

    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("0xFf", 255UL)]
    [InlineData("18_446_744_073_709_551_615", ulong.MaxValue)]
    public void Numbers_are_read(string text, ulong number)
    {
        Assert.True(Numbers.TryParse(text, out ulong read));
        Assert.Equal(number, read);
    }

    [Theory]
    [InlineData("90", 90_000)]
    [InlineData("60s", 60_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("2h", 7_200_000)]
    public void Times_are_read(string text, double milliseconds)
    {
        Assert.True(Numbers.TryParseTime(text, out var time));
        Assert.Equal(milliseconds, time.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("60 s")]
    [InlineData("1d")]
    [InlineData("NaN")]
    [InlineData("1e9h")]
    [InlineData("999999999h")]
    public void Times_that_are_none(string text) => Assert.False(Numbers.TryParseTime(text, out _));

    [Fact]
    public void Shared_options_have_one_meaning()
    {
        var options = new CommonOptions();
        var command = new Command("any");
        options.AddTo(command);
        var none = options.Read(command.Parse([]));
        Assert.Equal(new CommonSettings(CommonOptions.SeedDefault, null, null, null, false), none);
        var all = options.Read(command.Parse(
            ["--seed", "0x10", "--cases", "2_000", "--budget", "60s", "--json", "-", "--quiet"]));
        Assert.Equal(new CommonSettings(16, 2_000, TimeSpan.FromSeconds(60), "-", true), all);
        string[] bad = ["--seed=-1", "--cases=0", "--budget=soon", "--seed=", "--cases=1.5"];
        Assert.All(bad, option => Assert.Single(command.Parse([option]).Errors));
    }

    [Fact]
    public void A_report_is_one_object_of_the_promised_members()
    {
        using var folder = new TemporaryFolder();
        var report = new Report("check", 7) { Ok = false, Seconds = 1.5 };
        report.Figures["cases_per_second"] = 12;
        report.Failures.Add("a story");
        report.Write(Quiet(), folder.File("report.json"));
        var data = JsonNode.Parse(File.ReadAllText(folder.File("report.json")))!.AsObject();
        string[] members = ["command", "seed", "ok", "seconds", "figures", "failures"];
        Assert.Equal(members, data.Select(member => member.Key));
        Assert.Equal(12, (double)data["figures"]!["cases_per_second"]!);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_job_reports_in_a_pipe_without_ado()
    {
        using var error = new StringWriter();
        var progress = new Progress(Terminal.OfWriters(TextWriter.Null, error), quiet: false);
        int result = progress.Run("a job", 2, done =>
        {
            done.Report(1);
            return 5;
        });
        Assert.Equal(5, result);
        Assert.Empty(error.ToString());
    }

    [Fact]
    public void A_complaint_is_one_line_whatever_it_quotes()
    {
        using var error = new StringWriter();
        string quoted = $"a\nb\u0007c{new string('x', 5_000)}";
        Terminal.OfWriters(TextWriter.Null, error).Complain(new UserError(quoted).Message);
        string line = error.ToString().TrimEnd('\n');
        Assert.StartsWith("pageproof: a b c", line, StringComparison.Ordinal);
        Assert.All(line, letter => Assert.False(char.IsControl(letter)));
        Assert.InRange(line.Length, 100, 1_000);
    }

    private sealed class BrokenWriter(Exception refusal) : StringWriter
    {
        public override void Write(char value) => throw refusal;

        public override void Write(string? value) => throw refusal;

        public override void WriteLine(string? value) => throw refusal;

        public override void WriteLine() => throw refusal;
    }

    private static Terminal Quiet() => Terminal.OfWriters(TextWriter.Null, TextWriter.Null);
}
