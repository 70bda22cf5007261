using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;

namespace PageProof.Properties.PageTables;

/// <summary>
/// Simpler sequences than a failing one: without runs of commands, then without single ones, without
/// overtaking, with plainer registers and mappings, smaller ranges, and more tables.
/// </summary>
public static class PageTableShrinks
{
    private const int TablesEnough = 24;

    /// <summary>The simpler sequences, the boldest first.</summary>
    public static IEnumerable<PageTableSequence> Of(PageTableSequence failing) =>
        WithoutCommands(failing).Concat(PlainerStart(failing)).Concat(PlainerCommands(failing));

    private static IEnumerable<PageTableSequence> WithoutCommands(PageTableSequence failing)
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

    private static IEnumerable<PageTableSequence> PlainerStart(PageTableSequence failing)
    {
        var start = failing.Start;
        var control = start.Control;
        List<PageTableStart> plainer =
        [
            start with { Tables = Math.Max(start.Tables, TablesEnough) },
            start with { Control = control with { Pkru = default } },
            start with { Control = control with { Pat = PageAttributeTable.AtReset } },
            start with { Control = control with { Cr0 = Cr0.None } },
        ];
        for (int bit = 0; bit < 64; bit++)
        {
            var cr4 = control.Cr4 & ~(Cr4)(1UL << bit) | Cr4.PhysicalAddressExtension;
            plainer.Add(start with { Control = control with { Cr4 = cr4 } });
        }

        return plainer.Where(each => each != start).Select(each => failing with { Start = each });
    }

    private static IEnumerable<PageTableSequence> PlainerCommands(PageTableSequence failing) =>
        from index in Enumerable.Range(0, failing.Commands.Length)
        let command = failing.Commands[index]
        from plainer in PlainerThan(command).Concat(SmallerThan(command))
        where plainer != command
        select failing with { Commands = failing.Commands.SetItem(index, plainer) };

    private static IEnumerable<PageTableCommand> PlainerThan(PageTableCommand command)
    {
        var (mapping, access) = (command.Mapping, command.Access);
        if (command.OvertakenAt != 0)
        {
            yield return command with { OvertakenAt = 0, Access = default };
            yield return command with { OvertakenAt = 1 };
            yield return command with { OvertakenAt = (byte)Math.Max(1, command.OvertakenAt - 1) };
        }

        if (command.OvertakenAt != 0 || command.Kind == PageTableCommandKind.Access)
        {
            yield return command with { Access = access with { Kind = AccessKind.Read } };
            yield return command with { Access = access with { Cpl = PrivilegeLevel.Ring0 } };
            yield return command with { Access = access with { AlignmentCheck = false } };
            yield return command with { Access = access with { Address = new(access.Address.Value & ~0xFFFUL) } };
        }

        if (command.Kind == PageTableCommandKind.Map)
        {
            yield return command with { Mapping = mapping with { Caching = 0 } };
            yield return command with { Mapping = mapping with { Key = default } };
            yield return command with { Mapping = mapping with { Global = false } };
            yield return command with { Mapping = mapping with { Accessed = false } };
            yield return command with { Mapping = mapping with { Dirty = false } };
            yield return command with { Mapping = mapping with { Rights = mapping.Rights & PageRights.Write } };
            yield return command with { Mapping = mapping with { Rights = PageRights.None } };
            yield return command with { Mapping = mapping with { Frame = default } };
        }
    }

    // Each has a shorter range, so there is an end.
    private static IEnumerable<PageTableCommand> SmallerThan(PageTableCommand command)
    {
        ulong start = command.Range.Start.Value, length = command.Range.Length.Value;
        ulong page = command.Kind == PageTableCommandKind.Map ? 1UL << (int)command.Mapping.Size : 4096;
        if (length > page && length % page == 0)
        {
            yield return command with { Range = new(new(start), new(page)) };
            yield return command with { Range = new(new(start), new(length / page / 2 * page)) };
            yield return command with { Range = new(new(start), new(length - page)) };
            yield return command with { Range = new(new(start + page), new(length - page)) };
        }
    }
}
