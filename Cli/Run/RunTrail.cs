using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Properties.Kernel;
using PageProof.Spec.Kernel;

namespace PageProof.Cli.Run;

/// <summary>What was shown of one process.</summary>
/// <param name="Process">Which one.</param>
/// <param name="Maps">Its areas.</param>
/// <param name="MinorFaults">The minor faults of all its commands so far.</param>
/// <param name="MajorFaults">The major ones.</param>
/// <param name="Tables">The entries of its tables.</param>
public sealed record ProcessView(
    ProcessNumber Process,
    IReadOnlyList<AreaLine> Maps,
    int MinorFaults,
    int MajorFaults,
    IReadOnlyList<TableLine> Tables);

/// <summary>One line of a script, carried out.</summary>
/// <param name="Line">The line.</param>
/// <param name="Answer">A command: its answer.</param>
/// <param name="Areas">A command: the areas that it told.</param>
/// <param name="Refusal">A command: why the Spec does not permit the answer, or null.</param>
/// <param name="Deviation">A command: the known deviation that explains the answer, or null.</param>
/// <param name="Views">What is shown: of each process that is there.</param>
public sealed record RunStep(
    ScriptLine Line,
    KernelAnswer Answer,
    ImmutableArray<AreaLine> Areas,
    string? Refusal,
    string? Deviation,
    IReadOnlyList<ProcessView> Views);

/// <summary>
/// A script as one system carries it out, up to the first answer that the Spec does not permit. To look at tables
/// between two commands, the kernel is run anew up to there: it does the same each time.
/// </summary>
public sealed record RunTrail(string System, IReadOnlyList<RunStep> Steps)
{
    /// <summary>Whether the Spec permits every answer.</summary>
    public bool IsPermitted => Steps.All(step => step.Refusal is null);

    /// <summary>Carries the script out.</summary>
    /// <exception cref="UserError">The system cannot be asked it.</exception>
    public static RunTrail Take(KernelScript script, ISystem system)
    {
        using var kernel = system.OpenKernel()
            ?? throw new UserError($"The system {system.Name} has no kernel, so it can run no script.");
        Check(script, system.Name, kernel);
        var asked = Asked(script);
        var answers = new KernelAnswer[asked.Length];
        kernel.Run(script.Start, asked.AsSpan(), answers);
        var lines = kernel.Lines.ToArray();

        List<RunStep> steps = [];
        var (state, at) = (KernelSpec.Begin(script.Start, kernel.Capabilities), 0);
        foreach (var line in script.Lines)
        {
            if (line.Command is not { } command)
            {
                steps.Add(new(line, default, [], null, null, Look(script, line, kernel, asked, answers, lines, at)));
                at += MapsOf(script, line);
                continue;
            }

            var answer = answers[at];
            var areas = LinesOf(answer, command.Kind, lines);
            var step = KernelSpec.Follow(state, command, answer, areas);
            var explained = step.State is null ? Explained(kernel.Capabilities, state, command, answer) : default;
            bool refused = step.State is null && explained.After is null;
            steps.Add(new(line, answer, [.. areas], refused ? step.Refusal : null, explained.Name, []));
            at++;
            if (refused)
            {
                break;
            }

            state = step.State ?? explained.After!;
        }

        return new(system.Name, steps);
    }

    // The areas are asked of every process that there can be.
    private static int MapsOf(KernelScript script, ScriptLine line) =>
        line.Shows == Shown.None ? 0 : script.Start.Processes;

    private static ImmutableArray<KernelCommand> Asked(KernelScript script) =>
    [
        .. from line in script.Lines
           from command in line.Command is { } one ? [one] : Enumerable.Range(0, MapsOf(script, line)).Select(
               process => new KernelCommand { Kind = KernelCommandKind.Maps, Process = new((byte)process) })
           select command,
    ];

    private static ReadOnlySpan<AreaLine> LinesOf(in KernelAnswer answer, KernelCommandKind kind, AreaLine[] lines) =>
        kind == KernelCommandKind.Maps && answer.Value + answer.Length <= (ulong)lines.Length
            ? lines.AsSpan((int)answer.Value, (int)answer.Length)
            : [];

    private static List<ProcessView> Look(
        KernelScript script,
        ScriptLine line,
        IKernel kernel,
        ImmutableArray<KernelCommand> asked,
        KernelAnswer[] answers,
        AreaLine[] lines,
        int at)
    {
        bool tables = line.Shows.HasFlag(Shown.Tables);
        if (tables)
        {
            kernel.Run(script.Start, asked.AsSpan()[..at], new KernelAnswer[at]);
        }

        List<ProcessView> views = [];
        for (int number = 0; number < MapsOf(script, line); number++)
        {
            ProcessNumber process = new((byte)number);
            if (answers[at + number].Kind == KernelAnswerKind.Done)
            {
                var own = Enumerable.Range(0, at).Where(place => asked[place].Process == process).ToList();
                views.Add(new(
                    process,
                    [.. LinesOf(answers[at + number], KernelCommandKind.Maps, lines)],
                    own.Sum(place => answers[place].MinorFaults),
                    own.Sum(place => answers[place].MajorFaults),
                    tables ? ((IKernelTables)kernel).TablesOf(process) : []));
            }
        }

        return views;
    }

    private static (string? Name, KernelState? After) Explained(
        KernelCapabilities capabilities, KernelState state, in KernelCommand command, in KernelAnswer answer)
    {
        var due = KernelSpec.Next(state, command, answer);
        foreach (var deviation in capabilities.Deviations)
        {
            if (due.Refusal is null && deviation.Explains(command, due.Answer, answer))
            {
                return (deviation.Name, due.State);
            }
        }

        return default;
    }

    private static void Check(KernelScript script, string system, IKernel kernel)
    {
        var offered = kernel.Capabilities;
        KernelFit fit = new(offered);
        foreach (var line in script.Lines)
        {
            if (line.Shows.HasFlag(Shown.Tables) && kernel is not IKernelTables)
            {
                throw new UserError($"Line {line.Number} shows page tables, and {system} does not show its own.");
            }

            if (line.Command is { } command
                && (!offered.Commands.Contains(command.Kind) || !fit.IsWithin(command)))
            {
                throw new UserError($"Line {line.Number} asks what {system} is not asked: its addresses lie near "
                    + $"{offered.Arena}, and accesses have 1, 2, 4 or 8 bytes.");
            }
        }

        if (!fit.IsWithin(script.Sequence))
        {
            throw new UserError($"The script as a whole is none that {system} can be asked: it has too many processes, "
                + "CPUs or kinds of files, or both locks memory and moves some with dontunmap.");
        }
    }
}
