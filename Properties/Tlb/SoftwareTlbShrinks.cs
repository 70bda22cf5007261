using PageProof.Contract.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>Simpler sequences for software-filled TLBs and for their kernels.</summary>
public static class SoftwareTlbShrinks
{
    /// <summary>Without runs of commands, then single ones; fewer entries; plainer operands and addresses.</summary>
    public static IEnumerable<SoftwareTlbSequence> Of(SoftwareTlbSequence failing)
    {
        foreach (var (from, run) in Runs(failing.Commands.Length))
        {
            yield return failing with { Commands = failing.Commands.RemoveRange(from, run) };
        }

        foreach (int entries in Smaller(failing.Entries, SoftwareTlbSequence.EntriesLeast))
        {
            yield return failing with { Entries = entries };
        }

        for (int index = 0; index < failing.Commands.Length; index++)
        {
            foreach (var plainer in PlainerThan(failing.Commands[index]))
            {
                yield return failing with { Commands = failing.Commands.SetItem(index, plainer) };
            }
        }
    }

    /// <summary>Without commands; with a smaller start; lower numbers of processes, pages and frames.</summary>
    public static IEnumerable<SoftwareTlbKernelSequence> Of(SoftwareTlbKernelSequence failing)
    {
        foreach (var (from, run) in Runs(failing.Commands.Length))
        {
            yield return failing with { Commands = failing.Commands.RemoveRange(from, run) };
        }

        foreach (var start in SmallerThan(failing.Start))
        {
            bool stillNamed = failing.Commands.All(command => command.Process < start.Processes
                && (command.Kind != SoftwareTlbKernelCommandKind.AccessWired || command.Page.Value < start.Wired));
            if (stillNamed)
            {
                yield return failing with { Start = start };
            }
        }

        for (int index = 0; index < failing.Commands.Length; index++)
        {
            foreach (var plainer in PlainerThan(failing.Commands[index]))
            {
                yield return failing with { Commands = failing.Commands.SetItem(index, plainer) };
            }
        }
    }

    // The longest runs first; in the end pairs that need each other.
    private static IEnumerable<(int From, int Run)> Runs(int count)
    {
        for (int run = count; run >= 1; run /= 2)
        {
            for (int from = count - run; from >= 0; from -= run)
            {
                yield return (from, run);
            }
        }

        for (int run = 2; run <= 6; run++)
        {
            for (int from = count - run; from >= 0; from--)
            {
                yield return (from, run);
            }
        }
    }

    private static IEnumerable<int> Smaller(int number, int least) =>
        number <= least ? [] : new[] { least, (least + number) / 2, number - 1 }.Distinct();

    private static IEnumerable<SoftwareTlbCommand> PlainerThan(SoftwareTlbCommand command)
    {
        if (command.Access != default)
        {
            yield return command with { Access = default };
        }

        if (command.Mode != default)
        {
            yield return command with { Mode = default };
        }

        foreach (ulong operand in FewerBits(command.Operand.Value))
        {
            yield return command with { Operand = new(operand) };
        }

        foreach (ulong address in FewerBits(command.Address.Value))
        {
            yield return command with { Address = new(address) };
        }
    }

    private static IEnumerable<SoftwareTlbKernelStart> SmallerThan(SoftwareTlbKernelStart start) =>
        Smaller(start.Wired, 0).Select(wired => start with { Wired = wired })
            .Concat(Smaller(start.Entries, Math.Max(SoftwareTlbSequence.EntriesLeast, start.Wired + 1))
                .Select(entries => start with { Entries = entries }))
            .Concat(Smaller(start.Asids, 2).Select(asids => start with { Asids = asids }))
            .Concat(Smaller(start.Processes, 1).Select(processes => start with { Processes = processes }));

    private static IEnumerable<SoftwareTlbKernelCommand> PlainerThan(SoftwareTlbKernelCommand command)
    {
        if (command.Access != default)
        {
            yield return command with { Access = default };
        }

        foreach (int process in Smaller(command.Process, 0))
        {
            yield return command with { Process = (byte)process };
        }

        foreach (int page in Smaller(command.Page.Value, 0))
        {
            yield return command with { Page = new((byte)page) };
        }

        foreach (int frame in Smaller((int)command.Frame.Value, 0))
        {
            yield return command with { Frame = new((uint)frame) };
        }
    }

    // Each clears a bit that is set, so there is an end.
    private static IEnumerable<ulong> FewerBits(ulong word)
    {
        for (ulong left = word; left != 0; left &= left - 1)
        {
            yield return word & ~(left & (0 - left));
        }
    }
}
