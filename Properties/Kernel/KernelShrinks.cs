using System.Collections.Immutable;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Simpler sequences than a failing one: without runs of commands, then without single ones and pairs, with fewer
/// processes and plainer files, and with plainer commands.
/// </summary>
public static class KernelShrinks
{
    private const int PairsFrom = 40;
    private static readonly MmapFlags[] Flags =
        [MmapFlags.GrowsDown, MmapFlags.Populate, MmapFlags.Locked, MmapFlags.FixedNoReplace, MmapFlags.Fixed];

    private const ulong Page = 0x1000;

    /// <summary>The simpler sequences, the boldest first.</summary>
    public static IEnumerable<KernelSequence> Of(KernelSequence failing) =>
        WithoutCommands(failing).Concat(WithoutForks(failing)).Concat(PlainerStart(failing))
            .Concat(PlainerCommands(failing));

    private static IEnumerable<KernelSequence> WithoutCommands(KernelSequence failing)
    {
        int count = failing.Commands.Length;
        for (int run = count; run >= 1; run /= 2)
        {
            for (int from = count - run; from >= 0; from -= run)
            {
                yield return failing with { Commands = failing.Commands.RemoveRange(from, run) };
            }
        }

        // Two that need each other, such as a mapping and what removes it.
        for (int first = 0; first < count && count <= PairsFrom; first++)
        {
            for (int second = first + 1; second < count; second++)
            {
                yield return failing with { Commands = failing.Commands.RemoveAt(second).RemoveAt(first) };
            }
        }
    }

    // What the child does is then done by its parent.
    private static IEnumerable<KernelSequence> WithoutForks(KernelSequence failing) =>
        from index in Enumerable.Range(0, failing.Commands.Length)
        let fork = failing.Commands[index]
        where fork.Kind == KernelCommandKind.Fork
        select failing with
        {
            Commands =
            [
                .. failing.Commands.Take(index),
                .. failing.Commands.Skip(index + 1).Select(each => each with
                {
                    Process = each.Process == fork.Other ? fork.Process : each.Process,
                }),
            ],
        };

    private static IEnumerable<KernelSequence> PlainerStart(KernelSequence failing)
    {
        var (start, commands) = failing;
        int processes = 1 + commands.Select(command => (int)command.Process.Value).DefaultIfEmpty(0).Max();
        int cpus = 1 + commands.Select(command => (int)command.Cpu.Value).DefaultIfEmpty(0).Max();
        var files = start.Files;
        List<ImmutableArray<KernelFile>> plainer = files.IsEmpty ? [] : [files.RemoveAt(files.Length - 1)];
        foreach (var (place, file) in files.Index())
        {
            plainer.Add(files.SetItem(place, file with { Rights = FileRights.Read | FileRights.Write }));
            plainer.Add(files.SetItem(place, file with { Length = new(0) }));
            plainer.Add(files.SetItem(place, file with { Length = new(file.Length.Value & ~(Page - 1)) }));
            plainer.Add(files.SetItem(place, file with { Length = new(Math.Min(file.Length.Value, Page)) }));
        }

        foreach (var each in plainer.Where(each => !each.SequenceEqual(files)))
        {
            yield return failing with { Start = start with { Files = each } };
        }

        if (start.Frames > 0)
        {
            yield return failing with { Start = start with { Frames = 0 } };
        }

        if (processes < start.Processes)
        {
            yield return failing with { Start = start with { Processes = processes } };
        }

        if (cpus < start.Cpus)
        {
            yield return failing with { Start = start with { Cpus = cpus } };
        }
    }

    private static IEnumerable<KernelSequence> PlainerCommands(KernelSequence failing) =>
        from index in Enumerable.Range(0, failing.Commands.Length)
        let command = failing.Commands[index]
        from plainer in PlainerThan(command)
        where plainer != command
        select failing with { Commands = failing.Commands.SetItem(index, plainer) };

    // Each is smaller in what it changes, so there is an end.
    private static IEnumerable<KernelCommand> PlainerThan(KernelCommand command)
    {
        bool access = command.Kind is KernelCommandKind.Load or KernelCommandKind.Store;
        ulong address = command.Address.Value, length = command.Length.Value;
        yield return command with { Process = default };
        yield return command with { Cpu = default };
        yield return command with { Other = default };
        yield return command with { Value = Math.Min(command.Value, 1) };
        yield return command with { Offset = 0 };
        yield return command with { Offset = command.Offset & ~(Page - 1) };
        yield return command with { File = default };
        yield return command with { Pipe = default };
        yield return command with { Pin = default };
        yield return command with { Swap = default };
        yield return command with { Compressor = (ZswapCompressor)Math.Min((int)command.Compressor, 1) };
        yield return command with { Pinning = command.Pinning & ~PinFlags.LongTerm };
        yield return command with { Pinning = command.Pinning & ~PinFlags.Write };
        yield return command with { Address = new(address & ~(Page - 1)) };
        yield return command with { Address = new(address & ~7UL) };
        if (!access && length > 1)
        {
            yield return command with { Length = new(Math.Min(length, sizeof(ulong))) };
            yield return command with { Length = new(Math.Min(length, Page)) };
            yield return command with { Length = new(length / 2 & ~(Page - 1)) };
            yield return command with { Length = new(length - Math.Min(length, Page)) };
        }

        if (access && length < 8)
        {
            yield return command with { Length = new(8) };
        }

        MemoryProtection[] protections = [MemoryProtection.Read | MemoryProtection.Write, MemoryProtection.Read];
        foreach (var protection in protections)
        {
            if (command.Protection > protection || (command.Protection == MemoryProtection.Write))
            {
                yield return command with { Protection = protection };
            }
        }

        if (command.Kind == KernelCommandKind.Brk && address >= Page)
        {
            yield return command with { Address = new(address - Page) };
        }

        yield return command with { NewLength = new(Math.Min(command.NewLength.Value, Page)) };
        yield return command with { NewLength = new(Math.Min(command.NewLength.Value, length)) };
        yield return command with { Target = new(command.Target.Value & ~(Page - 1)) };
        yield return command with { Remap = command.Remap & ~MremapFlags.DontUnmap };
        yield return command with { Remap = command.Remap & MremapFlags.MayMove, Target = default };
        foreach (var flag in Flags)
        {
            yield return command with { Flags = command.Flags & ~flag };
        }
    }
}
