using PageProof.Contract.Hardening;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;

namespace PageProof.Properties.Hardening;

/// <summary>
/// Simpler sequences than a failing one: without runs of commands, then without single ones, on fewer CPUs,
/// with plainer registers and mappings, and smaller ranges.
/// </summary>
public static class KptiShrinks
{
    /// <summary>The simpler sequences, the boldest first.</summary>
    public static IEnumerable<KptiSequence> Of(KptiSequence failing) =>
        WithoutCommands(failing).Concat(PlainerStart(failing)).Concat(PlainerCommands(failing));

    private static IEnumerable<KptiSequence> WithoutCommands(KptiSequence failing)
    {
        int count = failing.Commands.Length;
        for (int run = count; run >= 1; run /= 2)
        {
            for (int from = count - run; from >= 0; from -= run)
            {
                yield return failing with { Commands = failing.Commands.RemoveRange(from, run) };
            }
        }

        // Two that need each other, such as there and back.
        for (int first = 0; first < count; first++)
        {
            for (int second = first + 1; second < count; second++)
            {
                yield return failing with { Commands = failing.Commands.RemoveAt(second).RemoveAt(first) };
            }
        }
    }

    private static IEnumerable<KptiSequence> PlainerStart(KptiSequence failing)
    {
        var start = failing.Start;
        var control = start.Control;
        if (failing.Commands.Any(command => command.Cpu.Value != 0))
        {
            yield return failing with
            {
                Commands = [.. failing.Commands.Select(command => command with { Cpu = default })],
            };
        }
        else if (start.Cpus > 1)
        {
            yield return failing with { Start = start with { Cpus = 1 } };
        }

        for (int bit = 0; bit < 64; bit++)
        {
            var cr4 = control.Cr4 & ~(Cr4)(1UL << bit) | Cr4.PhysicalAddressExtension;
            if (cr4 != control.Cr4)
            {
                yield return failing with { Start = start with { Control = control with { Cr4 = cr4 } } };
            }
        }

        if (start.Entry.Any(page => page.Mapping.Global))
        {
            yield return failing with
            {
                Start = start with
                {
                    Entry = [.. start.Entry.Select(
                        page => page with { Mapping = page.Mapping with { Global = false } })],
                },
            };
        }
    }

    private static IEnumerable<KptiSequence> PlainerCommands(KptiSequence failing) =>
        from index in Enumerable.Range(0, failing.Commands.Length)
        let command = failing.Commands[index]
        from plainer in PlainerThan(command)
        where plainer != command
        select failing with { Commands = failing.Commands.SetItem(index, plainer) };

    private static IEnumerable<KptiCommand> PlainerThan(KptiCommand command)
    {
        var (mapping, access, range) = (command.Mapping, command.Access, command.Range);
        switch (command.Kind)
        {
            case KptiCommandKind.Access:
                yield return command with { Access = access with { Kind = AccessKind.Read } };
                yield return command with { Access = access with { AlignmentCheck = false } };
                break;
            case KptiCommandKind.Map or KptiCommandKind.MapKernel:
                yield return command with { Mapping = mapping with { Global = false } };
                yield return command with { Mapping = mapping with { Rights = mapping.Rights & PageRights.User } };
                break;
        }

        ulong page = mapping.Size == PageSize.Size2M ? 2UL << 20 : 4096;
        if (range.Length.Value > page && range.Length.Value % page == 0)
        {
            yield return command with { Range = range with { Length = new(page) } };
            yield return command with { Range = range with { Length = new(range.Length.Value - page) } };
            yield return command with
            {
                Range = new PageRange(new(range.Start.Value + page), new(range.Length.Value - page)),
            };
        }
    }
}
