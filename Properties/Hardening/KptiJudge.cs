using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.Hardening;
using PageProof.Spec.PageTables;

namespace PageProof.Properties.Hardening;

/// <summary>Puts sequences to a kernel, and looks at its registers and at the tables that may have changed.</summary>
internal sealed class KptiJudge(IKpti door) : ICaseJudge<KptiSequence>
{
    private readonly KptiTables _tables = new(door);
    private readonly List<KptiAnswer> _answers = [];

    public KptiCoverage Coverage { get; } = new();

    public int FirstFailure(ReadOnlySpan<KptiSequence> cases)
    {
        for (int place = 0; place < cases.Length; place++)
        {
            if (Refusal(cases[place]) is not null)
            {
                return place;
            }
        }

        return -1;
    }

    public string Tell(in KptiSequence failing)
    {
        string? refusal = Refusal(failing);
        int start = 2 + failing.Start.Entry.Length;
        var lines = KptiText.Print(failing).Split('\n')[..start].ToList();
        for (int index = 0; index < _answers.Count; index++)
        {
            lines.Add($"  {index + 1}. {KptiText.Of(failing.Commands[index])} -> {_answers[index]}");
        }

        lines.Add(refusal is null ? "Every answer is permitted." : $"That is not permitted: {refusal}.");
        return string.Join(Environment.NewLine, lines);
    }

    public void Dispose() => door.Dispose();

    // Why the first answer that is not permitted is not; null when there is none.
    private string? Refusal(in KptiSequence sequence)
    {
        _answers.Clear();
        door.Reset(sequence.Start);
        var state = KptiSpec.Begin(sequence.Start, door.Capabilities.Processes);
        foreach (var command in sequence.Commands)
        {
            var answer = door.Do(command);
            _answers.Add(answer);
            var step = KptiSpec.Follow(state, command, answer, Show(state, command, answer));
            if (step.State is not { } after)
            {
                return step.Refusal;
            }

            Coverage.Count(state, command, answer, after);
            state = after;
        }

        return null;
    }

    private KptiShown Show(KptiState before, in KptiCommand command, in KptiAnswer answer)
    {
        // Whoever refuses what is possible has nothing to show of it.
        bool done = answer.Outcome == KptiOutcome.Done && KptiSpec.CanDo(before, command);
        var state = done ? KptiSpec.Next(before, command) : before;
        var cr3 = ImmutableArray.CreateBuilder<Cr3>();
        for (byte cpu = 0; cpu < state.Cpus.Length; cpu++)
        {
            cr3.Add(door.Cr3Of(new(cpu)));
        }

        var tops = ImmutableArray.CreateBuilder<PhysicalAddress?>();
        var trees = ImmutableArray.CreateBuilder<(ProcessNumber, PageTree, PageTree)>();
        _tables.Forget();
        for (byte slot = 0; slot < state.Processes.Length; slot++)
        {
            ProcessNumber process = new(slot);
            PhysicalAddress? top = state.Processes[slot] is null ? null : door.TopOf(process);
            tops.Add(top);
            if (top is { } kernel && Concerns(command, process))
            {
                var control = state.Start.Control;
                trees.Add((process, Tree(control, kernel), Tree(control, KptiFormat.UserTop(kernel))));
            }
        }

        return new(cr3.ToImmutable(), tops.ToImmutable(), trees.ToImmutable());
    }

    // Whose tables a command may have changed.
    private static bool Concerns(in KptiCommand command, ProcessNumber process) => command.Kind switch
    {
        KptiCommandKind.Create or KptiCommandKind.Map or KptiCommandKind.Unmap or KptiCommandKind.Protect =>
            command.Process == process,
        KptiCommandKind.MapKernel or KptiCommandKind.UnmapKernel => true,
        _ => false,
    };

    private PageTree Tree(in ControlState control, PhysicalAddress top) =>
        PageTreeSpec.Read(control with { Cr3 = new(top.Value) }, _tables.Read());
}
