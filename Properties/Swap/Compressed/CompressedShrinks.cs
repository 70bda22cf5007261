using PageProof.Contract.Swap.Compressed;

namespace PageProof.Properties.Swap.Compressed;

/// <summary>
/// Simpler sequences than a failing one: without runs of commands, then without single ones and pairs, with plainer
/// starts, and with plainer pages in lower slots.
/// </summary>
public static class CompressedShrinks
{
    private const int Percent = 100;

    private static readonly DescribedPage[] Plain =
        [new(PageShape.Fill, 0, 0), new(PageShape.Part, 0, 1), new(PageShape.Random, 0, 0)];

    /// <summary>The simpler sequences, the boldest first.</summary>
    public static IEnumerable<CompressedSequence> Of(CompressedSequence failing) =>
        WithoutCommands(failing).Concat(PlainerStart(failing)).Concat(PlainerCommands(failing));

    private static IEnumerable<CompressedSequence> WithoutCommands(CompressedSequence failing)
    {
        int count = failing.Commands.Length;
        for (int run = count; run >= 1; run /= 2)
        {
            for (int from = count - run; from >= 0; from -= run)
            {
                yield return failing with { Commands = failing.Commands.RemoveRange(from, run) };
            }
        }

        // Two that need each other, such as a failure and what it makes fail.
        for (int first = 0; first < count; first++)
        {
            for (int second = first + 1; second < count; second++)
            {
                yield return failing with { Commands = failing.Commands.RemoveAt(second).RemoveAt(first) };
            }
        }
    }

    private static IEnumerable<CompressedSequence> PlainerStart(CompressedSequence failing)
    {
        var start = failing.Start;
        int used = 1 + (int)failing.Commands.Select(command => command.Slot.Value).DefaultIfEmpty().Max();
        CompressedStart[] plainer =
        [
            start with { Slots = used },
            start with { Compressor = CompressorKind.Lz4 },
            start with { Level = 1 },
            start with { ExclusiveLoads = false },
            start with { MaxPoolPercent = Percent },
            start with { AcceptPercent = Percent },
            start with { MemoryPages = start.MemoryPages / 2 },
            start with { MemoryPages = Math.Max(0, start.MemoryPages - 1) },
            start with { LimitPages = 0 },
            start with { LimitPages = start.LimitPages / 2 },
            start with { BackingPages = start.BackingPages / 2 },
        ];
        return plainer.Distinct().Where(each => each != start).Select(each => failing with { Start = each });
    }

    private static IEnumerable<CompressedSequence> PlainerCommands(CompressedSequence failing)
    {
        for (int place = 0; place < failing.Commands.Length; place++)
        {
            var command = failing.Commands[place];
            foreach (var plainer in PlainerThan(command).Where(each => each != command))
            {
                yield return failing with { Commands = failing.Commands.SetItem(place, plainer) };
            }
        }

        // The same slots, one lower: what is done in one is done in the one before.
        var slots = failing.Commands.Select(command => command.Slot.Value).Where(slot => slot > 0).Distinct();
        foreach (ulong slot in slots)
        {
            yield return failing with
            {
                Commands = [.. failing.Commands.Select(command => command.Slot.Value == slot
                    ? command with { Slot = new(slot - 1) } : command)],
            };
        }
    }

    // Each is simpler than what it comes from by some measure that never grows again, so that it ends.
    private static IEnumerable<CompressedCommand> PlainerThan(CompressedCommand command)
    {
        if (command.Kind == CompressedCommandKind.Store)
        {
            int rank = Array.IndexOf(Plain, command.Page);
            foreach (var page in Plain.Take(rank < 0 ? Plain.Length : rank))
            {
                yield return command with { Page = page };
            }

            if (rank < 0)
            {
                yield return command with { Page = command.Page with { Value = 0 } };
                yield return command with { Page = command.Page with { Value = command.Page.Value / 2 } };
                yield return command with { Page = command.Page with { At = command.Page.At / 2 } };
            }
        }

        yield return command with { Value = command.Value / 2 };
        yield return command with { Value = Math.Max(0, command.Value - 1) };
    }
}
