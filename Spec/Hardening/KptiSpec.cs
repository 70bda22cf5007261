using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Spec.PageTables;

namespace PageProof.Spec.Hardening;

/// <summary>
/// A kernel with page-table isolation, as if nothing were ever cached: it flushes before an edit is done, so
/// every access ends as the maps of its side say, whichever PCIDs were recycled meanwhile.
/// Source: Linux, Documentation/arch/x86/pti.rst, and the comments of arch/x86/mm/tlb.c; Intel SDM vol. 3A,
/// 4.10.4.
/// </summary>
public static class KptiSpec
{
    /// <summary>No process, every CPU in the kernel.</summary>
    public static KptiState Begin(KptiStart start, int processes) => new(
        start,
        [],
        [.. Enumerable.Repeat<KptiProcess?>(null, processes)],
        [.. Enumerable.Repeat(new KptiCpuState(null, false, [], [], false), start.Cpus)],
        0);

    /// <summary>Whether a command can be carried out now.</summary>
    public static bool CanDo(KptiState state, KptiCommand command)
    {
        var cpu = state.Cpus[command.Cpu.Value];
        var process = state.Processes[command.Process.Value];
        bool usable = IsUsable(command);
        return command.Kind switch
        {
            KptiCommandKind.Access => true,
            KptiCommandKind.Enter => cpu.InUser,
            _ when cpu.InUser => false,
            KptiCommandKind.Create => process is null,
            KptiCommandKind.Destroy =>
                process is not null && state.Cpus.All(each => each.Process != command.Process),
            KptiCommandKind.Schedule => process is not null,
            KptiCommandKind.Exit => cpu.Process is not null,
            KptiCommandKind.Idle => true,
            KptiCommandKind.MapKernel or KptiCommandKind.UnmapKernel => usable
                && command.Range.Start.Value >= state.Start.KernelRegion.Start.Value
                && command.Range.Last.Value <= state.Start.KernelRegion.Last.Value
                && IsFree(state.Kernel, command),
            _ => usable && process is not null && command.Range.Last.Value >> 47 == 0
                && IsFree(process.Pages, command),
        };
    }

    /// <summary>Whether the answer is permitted, and the state after it.</summary>
    public static KptiStep Follow(KptiState before, KptiCommand command, KptiAnswer answer, KptiShown shown)
    {
        bool can = CanDo(before, command);
        if (answer.Outcome != (can ? KptiOutcome.Done : KptiOutcome.Refused))
        {
            return Refuse(can ? "the command is possible" : "the command is not possible now");
        }

        var cpu = before.Cpus[command.Cpu.Value];
        if (command.Kind == KptiCommandKind.Access
            && !KptiViewSpec.Permits(before, cpu, command.Access, answer.Walk))
        {
            var walk = EditSpec.Walk(before.Start.Control, KptiViewSpec.Of(before, cpu), command.Access);
            return Refuse($"the access ends so: {walk}");
        }

        // What is refused changes no page, but may have been begun, and then costs a flush.
        KptiState after = can ? Next(before, command) : Edited(before);
        string? wrong = can ? KptiCostSpec.Refusal(before, command, answer.Cost) : null;
        for (int number = 0; number < after.Cpus.Length; number++)
        {
            var each = after.Cpus[number];
            PhysicalAddress? top = each.Process is { } process ? shown.Tops[process.Value] : null;
            wrong ??= KptiViewSpec.Refusal(after, each, shown.Cr3[number], top);
        }

        foreach (var (process, kernel, user) in shown.Trees)
        {
            wrong ??= KptiViewSpec.Refusal(after, process, kernel, user);
        }

        return wrong is null ? new(after, null) : Refuse(wrong);
    }

    /// <summary>The state after a command that can be carried out.</summary>
    public static KptiState Next(KptiState state, KptiCommand command)
    {
        int number = command.Cpu.Value, slot = command.Process.Value;
        var cpu = state.Cpus[number];
        var process = state.Processes[slot];
        PageTableCommand edit = new()
        {
            Kind = command.Kind switch
            {
                KptiCommandKind.Map or KptiCommandKind.MapKernel => PageTableCommandKind.Map,
                KptiCommandKind.Protect => PageTableCommandKind.Protect,
                _ => PageTableCommandKind.Unmap,
            },
            Range = command.Range,
            Mapping = command.Mapping with { Global = false },
            Rights = command.Rights,
        };
        return command.Kind switch
        {
            // Survivor: numbers that go down are each given once, too.
            KptiCommandKind.Create => Edited(state) with
            {
                Processes = state.Processes.SetItem(slot, new(state.Serials + 1, [])),
                Serials = state.Serials + 1,
            },
            KptiCommandKind.Destroy => Edited(state) with { Processes = state.Processes.SetItem(slot, null) },
            KptiCommandKind.Schedule => With(state, number, cpu with
            {
                Process = command.Process,
                Known = cpu.Known.Remove(process!.Serial).Add(process.Serial),
                Fresh = cpu.Fresh.Remove(process.Serial).Add(process.Serial),
                ExitIsFree = false,
            }),
            KptiCommandKind.Idle => With(state, number, cpu with { Process = null, ExitIsFree = false }),
            KptiCommandKind.Enter => With(state, number, cpu with { InUser = false }),
            KptiCommandKind.Exit => With(state, number, cpu with { InUser = true, ExitIsFree = true }),
            KptiCommandKind.MapKernel or KptiCommandKind.UnmapKernel =>
                Edited(state) with { Kernel = EditSpec.Next(state.Kernel, edit) },
            KptiCommandKind.Map or KptiCommandKind.Unmap or KptiCommandKind.Protect => Edited(state) with
            {
                Processes = state.Processes.SetItem(slot, process! with { Pages = EditSpec.Next(process.Pages, edit) }),
            },
            _ => state,
        };
    }

    private static KptiState Edited(KptiState state) => state with
    {
        Cpus = [.. state.Cpus.Select(cpu => cpu with { Fresh = [], ExitIsFree = false })],
    };

    private static KptiState With(KptiState state, int number, KptiCpuState cpu) =>
        state with { Cpus = state.Cpus.SetItem(number, cpu) };

    // Ranges on boundaries of pages; what else may be wrong with one is said where page tables are.
    private static bool IsUsable(KptiCommand command)
    {
        bool maps = command.Kind is KptiCommandKind.Map or KptiCommandKind.MapKernel;
        ulong offset = maps ? (1UL << (int)command.Mapping.Size) - 1 : 0xFFF;
        return command.Range.Length.Value != 0
            && ((command.Range.Start.Value | command.Range.Length.Value) & offset) == 0
            && (command.Range.Start.Value >> 63 == 0
                || ((command.Mapping.Rights | command.Rights) & PageRights.User) == 0);
    }

    // Nothing is there to be mapped over, and no page is cut.
    private static bool IsFree(ImmutableArray<MappedPage> pages, KptiCommand command)
    {
        var within = EditSpec.Within(pages, command.Range);
        return command.Kind is KptiCommandKind.Map or KptiCommandKind.MapKernel
            ? !within.Any()
            : within.All(page => page.Page.Value >= command.Range.Start.Value
                && EditSpec.LastOf(page) <= command.Range.Last.Value);
    }

    private static KptiStep Refuse(string reason) => new(null, reason);
}
