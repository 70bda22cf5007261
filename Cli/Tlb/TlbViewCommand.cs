using System.CommandLine;
using PageProof.Cli.Check;
using PageProof.Contract;
using PageProof.Implementation.Tlb;

namespace PageProof.Cli.Tlb;

/// <summary>
/// Replays a sequence of commands, such as a counterexample of <c>check tlb</c>, and shows what the
/// caches of our CPUs hold on the way, and what the Spec permits.
/// </summary>
public sealed class TlbViewCommand
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A sequence as 'check tlb' keeps it; docs/tlb.md has the lines.",
    };

    private readonly Option<int?> _cpu = new("--cpu")
    {
        HelpName = "N",
        Description = "Only the commands and caches of this CPU; all run.",
        CustomParser = Numbers.Parser<int?>(0, int.MaxValue, number => (int)number, "the number of a CPU"),
    };

    private readonly Option<string> _geometry = new("--geometry")
    {
        HelpName = "SIZES",
        DefaultValueFactory = _ => "skylake",
        Description = $"How large the caches are: {GeometryText.Grammar}.",
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private TlbViewCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        TlbViewCommand view = new(terminal);
        Command command = new("tlb", "Show step by step what TLBs hold while commands are carried out.")
        {
            view._file, view._cpu, view._geometry, view._common.Json, view._common.Quiet,
        };
        command.SetAction(view.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is not { } path)
        {
            throw new UserError("Which commands? Give the FILE of a sequence.");
        }

        var geometry = GeometryText.Read(parsed.GetValue(_geometry)!);
        var sequence = SequenceFile.Read(path);
        using (TlbMachine machine = new(geometry))
        {
            if (sequence.Start.Memory.Value > machine.Capabilities.Memory.Value)
            {
                throw new UserError($"{path} asks for {sequence.Start.Memory} of memory, and our CPUs have "
                    + $"{machine.Capabilities.Memory}.");
            }
        }

        int? only = parsed.GetValue(_cpu);
        if (only >= sequence.Start.Cpus)
        {
            throw new UserError($"{path} has {sequence.Start.Cpus} CPU(s): --cpu goes from 0 to "
                + $"{sequence.Start.Cpus - 1}.");
        }

        var trail = TlbTrail.Take(sequence, geometry);
        string? json = parsed.GetValue(_common.Json);
        JsonFile.Write(_terminal, json, TlbJson.Of(path, trail, only));
        if (json != JsonFile.ToOutput)
        {
            new TlbPrinter(_terminal).Print(path, trail, only, parsed.GetValue(_common.Quiet));
        }

        return trail.Steps.All(step => step.Refusal is null) ? ExitCode.Held : ExitCode.Refuted;
    }
}
