using System.CommandLine;

namespace PageProof.Cli.Verify;

/// <summary>
/// The main job: laws, proofs, reality and canaries within a time, as a table and as a page.
/// </summary>
public sealed class VerifyCommand
{
    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private VerifyCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        VerifyCommand verify = new(terminal);
        Command command = new(
            "verify", "Check everything within a time: laws, theorems, real MMUs, and that faults are noticed.");
        verify._common.AddTo(command);
        command.SetAction(verify.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed);
        var done = VerificationSteps.Run(settings, _terminal);
        string page = HtmlReport.Write(done);
        if (settings.Json != JsonFile.ToOutput)
        {
            new VerifyTable(_terminal).Print(done);
            _terminal.Output.WriteLine($"The same as a page: {page}");
        }

        done.ToReport().Write(_terminal, settings.Json);
        return done.Holds ? ExitCode.Held : ExitCode.Refuted;
    }
}
