using System.Diagnostics;
using System.Text.RegularExpressions;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Solving;

/// <summary>
/// Any solver that reads SMT-LIB 2 from a pipe, such as <c>cvc5 --lang smt2</c>. Each goal is a process
/// of its own.
/// </summary>
public sealed class ProcessSolver : ISolver
{
    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<string> _command;
    private readonly Lazy<string> _name;

    public ProcessSolver(string command)
    {
        _command = CommandLine.Split(command);
        _name = new(FindName);
    }

    public string Name => _name.Value;

    private string Program => Path.GetFileName(_command[0]);

    public SolverAnswer Solve(Goal goal, TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        var clock = Stopwatch.StartNew();
        var variables = TermOrder.VariablesOf(goal.Assertions);
        var end = SolverProcess.Run(_command, Script(goal, variables), limit - clock.Elapsed);
        var answer = SExpression.Read(end.Output, most: 2);
        if (answer.Count == 0)
        {
            return end.ExitCode is { } code ? throw Died(code, end.Errors) : Unknown(SolverAnswer.Timeout);
        }

        switch (answer[0].Atom)
        {
            case "unsat":
                return new(SolverStatus.Unsatisfiable, null, null, clock.Elapsed);
            case "unknown":
                return Unknown("unknown");
            case "timeout":
                return Unknown(SolverAnswer.Timeout);
            case "sat" when end.ExitCode is null && answer.Count < 2 && variables.Count > 0:
                return Unknown(SolverAnswer.Timeout);
            case "sat":
                return new(SolverStatus.Satisfiable, ModelOf(goal, variables, answer), null, clock.Elapsed);
            default:
                throw Nonsense(answer[0], end.Output);
        }

        SolverAnswer Unknown(string reason) => new(SolverStatus.Unknown, null, reason, clock.Elapsed);
    }

    public void Dispose()
    {
        // Every process has ended with its goal.
    }

    private static string Script(Goal goal, IReadOnlyList<Term> variables)
    {
        using StringWriter script = new();
        script.Write("(set-option :produce-models true)\n");
        SmtLibPrinter.Print(script, goal.Pool, goal.Assertions);
        if (variables.Count > 0)
        {
            script.Write($"(get-value ({string.Join(' ', variables.Select(SmtLibPrinter.Symbol))}))\n");
        }

        script.Write("(exit)\n");
        return script.ToString();
    }

    private IReadOnlyDictionary<Term, Value> ModelOf(
        Goal goal, IReadOnlyList<Term> variables, IReadOnlyList<SExpression> answer)
    {
        if (variables.Count == 0)
        {
            return ModelCheck.Verified(goal, [new Dictionary<Term, Value>()], Name);
        }

        return answer.Count > 1 && ModelReader.Read(answer[1], variables) is { } model
            ? ModelCheck.Verified(goal, [model], Name)
            : throw new SolverException($"The solver {Program} gave a model that cannot be read.");
    }

    private SolverException Died(int code, string errors)
    {
        string said = FirstLine(errors);
        string tail = said.Length > 0 ? $": {said.TrimEnd('.')}." : ".";
        return new($"The solver {Program} ended with exit code {code} and no answer{tail}");
    }

    private SolverException Nonsense(SExpression answer, string output)
    {
        bool isError = answer.Begins("error") && answer.Items.Count > 1;
        return new(isError
            ? $"The solver {Program} refused the goal: {FirstLine(answer.Items[1].Atom ?? "").TrimEnd('.')}."
            : $"The solver {Program} answered what is no answer: {FirstLine(output).TrimEnd('.')}.");
    }

    private static string FirstLine(string text)
    {
        const int Shown = 200;
        string line = text.Split('\n').Select(each => each.Trim()).FirstOrDefault(each => each.Length > 0) ?? "";
        return line.Length > Shown ? line[..Shown] + "..." : line;
    }

    private string FindName()
    {
        var end = SolverProcess.Run([_command[0], "--version"], "", VersionLimit);
        var version = Regex.Match(FirstLine(end.Output), @"\d+(\.\d+)+");
        return version.Success ? $"{Program} {version.Value}" : string.Join(' ', _command);
    }
}
