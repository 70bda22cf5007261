using System.CommandLine;
using System.CommandLine.Help;
using PageProof.Cli.Ablate;
using PageProof.Cli.Assurance;
using PageProof.Cli.Bugs;
using PageProof.Cli.Check;
using PageProof.Cli.Mutate;
using PageProof.Cli.Prove;
using PageProof.Cli.Reality;
using PageProof.Cli.Replay;
using PageProof.Cli.Run;
using PageProof.Cli.Tlb;
using PageProof.Cli.Verify;
using PageProof.Cli.Walk;
using PageProof.Contract;

namespace PageProof.Cli;

/// <summary>
/// The tool. It ends with 0 when all held, 1 when something was refuted, and 2, after one sentence on
/// the error stream, when it was given what it cannot use. A bug in the tool itself ends it with 70.
/// </summary>
public static class Program
{
    // EX_SOFTWARE of sysexits.h: an error of the program, not of its input.
    private const int InternalError = 70;
    private const string TraceVariable = "PAGEPROOF_TRACE";

    private static readonly Func<Terminal, Command>[] Commands =
    [
        VerifyCommand.Create,
        CheckCommand.Create,
        ProveCommand.Create,
        RealityCommand.Create,
        WalkCommand.Create,
        TlbViewCommand.Create,
        RunCommand.Create,
        ReplayCommand.Create,
        RecordCommand.Create,
        MutateCommand.Create,
        BugsCommand.Create,
        AblateCommand.Create,
        ReportCommand.Create,
    ];

    public static int Main(string[] arguments) => Run(arguments, Terminal.OfProcess());

    /// <summary>Runs one command line, with its text going to the two writers.</summary>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error) =>
        Run(arguments, Terminal.OfWriters(output, error));

    private static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            return Invoke(arguments, terminal);
        }
        catch (UserError mistake)
        {
            terminal.Complain(mistake.Message);
            return ExitCode.BadInput;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // A full disk, or a file taken away while it was read.
            terminal.Complain($"The system refused: {InputFile.Reason(refusal)}.");
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            terminal.Complain("The command was interrupted.");
            return ExitCode.BadInput;
        }
        catch (Exception bug)
        {
            // The one place where any exception ends: a user never sees a stack trace unasked.
            terminal.Complain($"internal error: {bug.GetType().Name}: {bug.Message} Please report "
                + $"it, with what {TraceVariable}=1 adds.");
            if (Environment.GetEnvironmentVariable(TraceVariable) == "1")
            {
                terminal.Error.WriteLine(bug);
            }

            return InternalError;
        }
    }

    private static int Invoke(IReadOnlyList<string> arguments, Terminal terminal)
    {
        if (arguments.Count == 0)
        {
            throw new UserError("Which command? 'pageproof --help' lists them.");
        }

        // A file name that begins with @ is a file name.
        var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null };
        var parsed = Root(terminal).Parse(arguments, parsing);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            throw new UserError(parsed.UnmatchedTokens.Count > 0
                ? $"'{parsed.UnmatchedTokens[0]}' is no command or option; --help lists them."
                : parsed.Errors[0].Message);
        }

        var invocation = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        return parsed.InvokeAsync(invocation).GetAwaiter().GetResult();
    }

    private static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand(
            "Checks virtual memory against an executable specification of it, and shows it at work.");
        foreach (var create in Commands)
        {
            root.Subcommands.Add(create(terminal));
        }

        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help })
            {
                help.MaxWidth = Terminal.WidthMax;
            }
        }

        return root;
    }
}
