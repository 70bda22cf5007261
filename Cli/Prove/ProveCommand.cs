using System.CommandLine;
using System.Diagnostics;
using PageProof.Contract;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Solving;
using PageProof.SmtModels.Theorems;

namespace PageProof.Cli.Prove;

/// <summary>
/// Proves the theorems about the compiled Spec and Implementation, and finds the counterexample of each
/// witness.
/// </summary>
public sealed class ProveCommand
{
    private const int LimitDefault = 60;

    private readonly Argument<string[]> _names = new("NAME")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Theorems (B1), their witnesses (B2'), groups (B), or domains (tlb); all when none is given.",
    };

    private readonly Option<bool> _list = new("--list")
    {
        Description = "Only show what there is to prove.",
    };

    private readonly Option<string?> _smt2 = new("--smt2")
    {
        HelpName = "DIR",
        Description = "Also write every question to a solver as an SMT-LIB 2 file.",
    };

    private readonly Option<string?> _solver = new("--solver")
    {
        HelpName = "CMD",
        Description = "Ask this SMT-LIB solver on a pipe instead of Z3, such as \"cvc5 --lang smt2\".",
    };

    private readonly Option<string?> _assembly = new("--assembly")
    {
        HelpName = "PATH.dll",
        Description = "Prove the theorems of a changed Implementation, or of a changed Spec.",
    };

    private readonly Option<int> _limit = new("--limit")
    {
        HelpName = "SECONDS",
        Description = $"The most time for one question to the solver; {LimitDefault} when not given.",
        DefaultValueFactory = _ => LimitDefault,
        CustomParser = Numbers.Parser(1, 86_400, number => (int)number, "a number of seconds from 1 to 86400"),
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private ProveCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        ProveCommand prove = new(terminal);
        Command command = new("prove", "Prove theorems about the compiled code, with Z3 or another solver.")
        {
            prove._names, prove._list, prove._smt2, prove._solver, prove._assembly, prove._limit,
            prove._common.Json, prove._common.Quiet,
        };
        command.SetAction(prove.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var tasks = ProofSelection.Of(parsed.GetValue(_names)!);
        if (parsed.GetValue(_list))
        {
            new ProofTable(_terminal).List(tasks);
            return ExitCode.Held;
        }

        try
        {
            return Prove(parsed, tasks);
        }
        catch (Exception refusal) when (refusal is SolverException or LiftingException)
        {
            throw new UserError(refusal.Message);
        }
    }

    private int Prove(ParseResult parsed, IReadOnlyList<ProofTask> tasks)
    {
        var clock = Stopwatch.StartNew();
        using var subject = parsed.GetValue(_assembly) is { } path
            ? ProveSubject.Changed(path)
            : ProveSubject.Shipped();
        int? files = parsed.GetValue(_smt2) is { } folder ? ProofFiles.Write(tasks, subject.Subject, folder) : null;
        var results = new Progress(_terminal, parsed.GetValue(_common.Quiet)).Run(
            "theorems",
            tasks.Count,
            progress => ProofRun.TryAll(
                tasks,
                subject.Subject,
                () => Solvers.Open(parsed.GetValue(_solver)),
                TimeSpan.FromSeconds(parsed.GetValue(_limit)),
                progress.Report));
        string? json = parsed.GetValue(_common.Json);
        var report = ProofReport.Of(results, clock.Elapsed.TotalSeconds);
        if (json != JsonFile.ToOutput)
        {
            new ProofTable(_terminal).Print(results, withStories: parsed.GetValue(_names)!.Length > 0);
            Summarize(report, files, parsed.GetValue(_smt2));
        }

        report.Write(_terminal, json);
        return report.Ok ? ExitCode.Held : ExitCode.Refuted;
    }

    private void Summarize(Report report, int? files, string? folder)
    {
        var figures = report.Figures;
        _terminal.Output.WriteLine(
            $"{figures["proved"]} of {figures["theorems"]} theorems proved, {figures["witnesses_found"]} of "
            + $"{figures["witnesses"]} witnesses found, {figures["timeouts"]} timed out, "
            + $"in {report.Seconds:0.0} seconds.");
        if (files is { } count)
        {
            _terminal.Output.WriteLine($"{count} questions are in {folder}.");
        }
    }
}
