using System.CommandLine;
using PageProof.Contract;

namespace PageProof.Cli.Run;

/// <summary>
/// Carries a script out on a kernel: what each command answers, and on demand the areas, faults and page tables of
/// the processes. Every answer is held against the Spec.
/// </summary>
public sealed class RunCommand
{
    private const string Linux = "linux";

    private readonly Argument<string?> _file = new("SCRIPT")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Commands of processes, one a line; docs/run.md has them.",
    };

    private readonly Option<string> _system = new("--system")
    {
        HelpName = "NAME",
        DefaultValueFactory = _ => "implementation",
        Description = "Which kernel: implementation, linux, or PATH.dll.",
    };

    private readonly Option<bool> _compare = new("--compare")
    {
        Description = "Run it on Linux as well, and show where the two first differ.",
    };

    private readonly Option<string?> _show = new("--show")
    {
        HelpName = "WHAT",
        Description = "Show at the end maps, faults or tables, or several with commas.",
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private RunCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        RunCommand run = new(terminal);
        Command command = new("run", "Run a script of processes on a kernel, and show what it does to memory.")
        {
            run._file, run._system, run._compare, run._show, run._common.Json, run._common.Quiet,
        };
        command.SetAction(run.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_file) ?? throw new UserError("Which commands? Give the file of a SCRIPT.");
        string name = parsed.GetValue(_system)!, json = parsed.GetValue(_common.Json) ?? "";
        bool quiet = parsed.GetValue(_common.Quiet), tells = json != JsonFile.ToOutput;
        if (name == Linux && parsed.GetValue(_compare))
        {
            throw new UserError("--compare runs the script on Linux anyway; name the other system, or none.");
        }

        var script = WithEnd(KernelScript.Read(path), parsed.GetValue(_show));
        using var system = Systems.Open(name);
        if (!parsed.GetValue(_compare))
        {
            var trail = RunTrail.Take(script, system);
            JsonFile.Write(_terminal, parsed.GetValue(_common.Json), RunJson.Of(path, trail.IsPermitted, null, trail));
            if (tells)
            {
                new RunPrinter(_terminal).Print(path, script, trail, quiet);
            }

            return trail.IsPermitted ? ExitCode.Held : ExitCode.Refuted;
        }

        using var linux = Systems.Open(Linux);
        RunComparison compared = new(RunTrail.Take(script, system), RunTrail.Take(WithoutTables(script), linux));
        bool holds = compared.One.IsPermitted && compared.Other.IsPermitted;
        int? first = compared.Differences.Count == 0 ? null : compared.One.Steps[compared.Differences[0]].Line.Number;
        JsonFile.Write(
            _terminal, parsed.GetValue(_common.Json), RunJson.Of(path, holds, first, compared.One, compared.Other));
        if (tells)
        {
            new RunPrinter(_terminal).PrintBoth(path, script, compared, quiet);
        }

        return holds ? ExitCode.Held : ExitCode.Refuted;
    }

    private static KernelScript WithEnd(KernelScript script, string? show)
    {
        if (show is null)
        {
            return script;
        }

        var shows = KernelScript.Named(show);
        return shows != Shown.None
            ? script with { Lines = script.Lines.Add(new(0, $"show {show}", null, shows, null)) }
            : throw new UserError($"'{show}' cannot be shown: it is maps, faults or tables, or several with commas.");
    }

    // Linux shows its own tables to nobody.
    private static KernelScript WithoutTables(KernelScript script) => script with
    {
        Lines =
        [
            .. script.Lines.Select(line => line.Shows.HasFlag(Shown.Tables)
                ? line with { Shows = line.Shows & ~Shown.Tables } : line),
        ],
    };
}
