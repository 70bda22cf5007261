using System.CommandLine;
using System.Diagnostics;
using PageProof.Contract;

namespace PageProof.Cli.Replay;

/// <summary>Runs a program under valgrind, and keeps which pages it touches as a VMTR trace.</summary>
public sealed class RecordCommand
{
    private const string Valgrind = "valgrind";
    private const string Shell = "/bin/sh";

    // The log of valgrind takes the place of the program's output, which goes where errors go.
    private const string Script = "exec \"$0\" --tool=lackey --trace-mem=yes --log-fd=9 -- \"$@\" 9>&1 1>&2";

    private readonly Argument<string[]> _program = new("PROGRAM")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The program and its arguments, after --.",
    };

    private readonly Option<string> _output = new("--output")
    {
        HelpName = "FILE",
        DefaultValueFactory = _ => "trace.vmtr.gz",
        Description = "Where the trace goes; compressed when the name ends with .gz.",
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private RecordCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        RecordCommand record = new(terminal);
        Command command = new("record", "Record the page references of a program as a trace, with valgrind.")
        {
            record._output, record._common.Quiet, record._program,
        };
        command.SetAction(record.Run);
        return command;
    }

    /// <summary>The file of a program in these folders, or null.</summary>
    public static string? Find(string program, string? folders) => folders?.Split(':')
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private int Run(ParseResult parsed)
    {
        var program = parsed.GetValue(_program) ?? [];
        string output = parsed.GetValue(_output)!;
        if (program.Length == 0)
        {
            throw new UserError("Which program? Give it after --, as in: record -- ls -l.");
        }

        string? folders = Environment.GetEnvironmentVariable("PATH");
        string valgrind = Find(Valgrind, folders)
            ?? throw new UserError($"record runs programs under {Valgrind}, which is not installed.");
        if (!(program[0].Contains('/') ? File.Exists(program[0]) : Find(program[0], folders) is not null))
        {
            throw new UserError($"There is no program {program[0]}.");
        }

        OutputFile.Check(output, "trace");
        var written = new Progress(_terminal, parsed.GetValue(_common.Quiet)).Run(
            "records", 0, progress => Record(valgrind, program, output, progress));
        _terminal.Output.WriteLine($"{output}: {ReplayReport.Number(written.References)} references to "
            + $"{ReplayReport.Number(written.Pages)} pages, in {ReplayReport.Number(written.Records)} records");
        return ExitCode.Held;
    }

    private static WrittenTrace Record(
        string valgrind, string[] program, string output, IProgress<long> progress)
    {
        ProcessStartInfo start = new(Shell, ["-c", Script, valgrind, .. program])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new UserError($"{Shell} cannot be started.");
        try
        {
            string name = $"what {Valgrind} says of {program[0]}";
            using var file = TraceFile.OfPipe(name, process.StandardOutput.BaseStream);
            using RecordStream records = new(new LackeyReader(file, TraceReader.PageShiftDefault));
            WrittenTrace? written = null;
            OutputFile.Write(output, "trace", stream => written = VmtrWriter.Write(
                stream, output.EndsWith(".gz", StringComparison.Ordinal), records, progress.Report));
            process.WaitForExit();
            return written!;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
