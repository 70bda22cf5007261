using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>What tells a step of a kind from another that is answered alike.</summary>
internal static class KernelClassifier
{
    /// <summary>The circumstances of a step that was permitted.</summary>
    public static void Circumstances(
        KernelState before,
        in KernelCommand command,
        in KernelAnswer answer,
        KernelState after,
        List<KernelCircumstance> found)
    {
        found.Clear();
        if (answer.Kind == KernelAnswerKind.NotPossible)
        {
            bool taken = command.Kind == KernelCommandKind.Fork && before.Processes[command.Process.Value] is not null;
            found.Add(taken ? KernelCircumstance.Taken : KernelCircumstance.None);
            return;
        }

        var process = before.Processes[command.Process.Value]!;
        if (answer.Kind != KernelAnswerKind.Done)
        {
            OfRefusal(process, command, answer, after, found);
            return;
        }

        OfDone(before, process, command, answer, after, found);
        Add(found, KernelCircumstance.Pressed, ProgressSpec.IsPressed(before, command));
    }

    private static void OfDone(
        KernelState before,
        ProcessState process,
        in KernelCommand command,
        in KernelAnswer answer,
        KernelState after,
        List<KernelCircumstance> found)
    {
        switch (command.Kind)
        {
            case KernelCommandKind.Mmap:
                OfMmap(process, command, answer, after, found);
                break;
            case KernelCommandKind.Load:
            case KernelCommandKind.Store:
                OfAccess(process, before.Files, command, after, found);
                break;
            case KernelCommandKind.Fork:
                found.Add(command.Process.Value == 0 ? KernelCircumstance.None : KernelCircumstance.Nested);
                Add(found, KernelCircumstance.Pinned,
                    process.Pages.Any(page => LoanSpec.IsPinned(before, page.Loan)));
                break;
            case KernelCommandKind.Exit:
                bool last = after.Processes.All(each => each is null);
                found.Add(last ? KernelCircumstance.Last : KernelCircumstance.None);
                break;
            case KernelCommandKind.FileRead:
            case KernelCommandKind.FileWrite:
            case KernelCommandKind.Truncate:
                OfFile(before, command, answer, after, found);
                break;
            case KernelCommandKind.PipeWrite:
            case KernelCommandKind.PipeRead:
            case KernelCommandKind.Splice:
            case KernelCommandKind.VmSplice:
                KernelPipes.Circumstances(before, command, answer, after, found);
                break;
            case var kind when KernelPins.IsOfDevice(kind):
                KernelPins.Circumstances(before, command, found);
                break;
            case KernelCommandKind.Mremap:
                KernelMoves.Circumstances(before, command, answer, after, found);
                break;
            case KernelCommandKind.Mlock:
            case KernelCommandKind.Munlock:
                bool none = process.Areas.SequenceEqual(after.Processes[command.Process.Value]!.Areas);
                found.Add(none ? KernelCircumstance.Nothing : KernelCircumstance.Locked);
                Add(found, KernelCircumstance.Populated, answer.MinorFaults > 0);
                break;
            case KernelCommandKind.ForceWrite:
            case KernelCommandKind.ForceRaced:
                found.Add(answer.Length < command.Length.Value ? KernelCircumstance.Short
                    : MayStore(process, command) ? KernelCircumstance.None : KernelCircumstance.NotWritable);
                break;
            case >= KernelCommandKind.SwapOn:
                OfFrames(before, command, found);
                break;
            case KernelCommandKind.Msync or KernelCommandKind.PunchHole or KernelCommandKind.Fsync:
                found.Add(KernelCircumstance.None);
                break;
            case KernelCommandKind.Brk:
                OfBreak(process, command, after.Processes[command.Process.Value]!, found);
                break;
            case KernelCommandKind.Exec:
                found.Add(after.Processes[command.Process.Value]!.Pages.IsEmpty
                    ? KernelCircumstance.None : KernelCircumstance.CopyOfFile);
                break;
            case KernelCommandKind.Checksum:
            case KernelCommandKind.Maps:
            case KernelCommandKind.Presence:
                OfReading(command, answer, found);
                break;
            default:
                OfChange(process, command, answer.MinorFaults, after.Processes[command.Process.Value]!, found);
                break;
        }
    }

    private static void OfFrames(KernelState before, in KernelCommand command, List<KernelCircumstance> found)
    {
        if (command.Kind == KernelCommandKind.Compact)
        {
            KernelCompactions.Circumstances(before, command, found);
            return;
        }

        bool same = command.Kind == KernelCommandKind.Zswap && command.Compressor == before.Swap.Compressor;
        found.Add(same ? KernelCircumstance.Nothing : KernelCircumstance.None);
    }

    private static void OfRefusal(
        ProcessState before,
        in KernelCommand command,
        in KernelAnswer answer,
        KernelState after,
        List<KernelCircumstance> found)
    {
        bool partly = command.Kind == KernelCommandKind.Mprotect
            && !before.Areas.SequenceEqual(after.Processes[command.Process.Value]!.Areas);
        found.Add(KernelCircumstance.None);
        Add(found, KernelCircumstance.Partly, partly);
        var why = answer.Signal == MemorySignal.NoArea
            ? OfStack(after.Kernel, before, answer)
            : KernelCircumstance.None;
        Add(found, why, why != KernelCircumstance.None);
    }

    // Why the stack above does not grow.
    private static KernelCircumstance OfStack(KernelCapabilities kernel, ProcessState process, in KernelAnswer answer)
    {
        ulong page = AddressSpaceSpec.PageStart(answer.Address.Value);
        var above = process.Areas.FirstOrDefault(area => area.End > page);
        return !above.GrowsDown || above.Start <= page ? KernelCircumstance.None
            : page < kernel.MmapMinAddress ? KernelCircumstance.TooLow
            : above.End - page > kernel.StackLimit ? KernelCircumstance.TooLong
            : KernelCircumstance.NearOther;
    }

    private static void OfBreak(
        ProcessState before, in KernelCommand command, ProcessState after, List<KernelCircumstance> found)
    {
        ulong asked = command.Address.Value;
        ulong old = AddressSpaceSpec.PageAlign(before.Break), end = AddressSpaceSpec.PageAlign(after.Break);
        bool possible = asked >= before.Heap && asked <= AddressSpaceSpec.UserEnd;
        found.Add(!possible ? KernelCircumstance.Refused
            : after.Break != asked ? KernelCircumstance.Blocked
            : end > old ? KernelCircumstance.Grown
            : end < old ? KernelCircumstance.Shorter : KernelCircumstance.Nothing);
        Add(found, KernelCircumstance.Merged,
            end > old && AddressSpaceSpec.AreaAt(after, old) is { } area && area.Start < old);
    }

    private static void OfReading(in KernelCommand command, in KernelAnswer answer, List<KernelCircumstance> found)
    {
        bool less = command.Kind == KernelCommandKind.Checksum && answer.Length < command.Length.Value / 4096;
        ulong told = command.Kind == KernelCommandKind.Presence ? answer.Value : answer.Length;
        found.Add(told == 0 ? KernelCircumstance.Nothing
            : less ? KernelCircumstance.Short : KernelCircumstance.None);
    }

    private static bool MayStore(ProcessState process, in KernelCommand command) =>
        AddressSpaceSpec.AreaAt(process, command.Address.Value + (command.FromLast ? process.LastMapped : 0))
            is { } area && FaultSpec.Permits(area.Protection, writes: true);

    private static void OfMmap(
        ProcessState before,
        in KernelCommand command,
        in KernelAnswer answer,
        KernelState after,
        List<KernelCircumstance> found)
    {
        ulong start = answer.Value, end = start + AddressSpaceSpec.PageAlign(command.Length.Value);
        Area area = AddressSpaceSpec.AreaAt(after.Processes[command.Process.Value]!, start)!.Value;
        bool chosen = (command.Flags & (MmapFlags.Fixed | MmapFlags.FixedNoReplace)) == 0
            && (command.FromLast || start != AddressSpaceSpec.PageStart(command.Address.Value));
        found.Add(BackingOf(area, after.Files));
        Add(found, KernelCircumstance.Chosen, chosen);
        Add(found, KernelCircumstance.Replaced, !AddressSpaceSpec.IsFree(before, start, end));
        Add(found, KernelCircumstance.Merged, area.Start < start || area.End > end);
        Add(found, KernelCircumstance.Locked, area.Locked);
        Add(found, KernelCircumstance.Populated, answer.MinorFaults > 0);
    }

    private static void OfAccess(
        ProcessState before, int files, KernelCommand command, KernelState after, List<KernelCircumstance> found)
    {
        ulong address = command.Address.Value + (command.FromLast ? before.LastMapped : 0);
        Area area = AddressSpaceSpec.AreaAt(after.Processes[command.Process.Value]!, address)!.Value;
        ulong page = AddressSpaceSpec.PageStart(address);
        PrivatePage? known = area.Shared ? null : before.PageAt(page);
        bool stores = command.Kind == KernelCommandKind.Store;
        found.Add(BackingOf(area, files));
        Add(found, KernelCircumstance.Grown, AddressSpaceSpec.AreaAt(before, address) is null);
        Add(found, KernelCircumstance.FirstTouch, area.IsPrivateAnonymous && known is null);
        Add(found, KernelCircumstance.AfterZeroPage, stores && known is { States: PageStates.Zero });
        Add(found, KernelCircumstance.AfterFork, stores && known is { States: PageStates.Common });
        Add(found, KernelCircumstance.CopyOfFile, stores && known is null && area is { Shared: false, Object: >= 0 });
        Add(found, KernelCircumstance.AcrossPages, address + command.Length.Value > page + 4096);
    }

    private static void OfFile(
        KernelState before,
        in KernelCommand command,
        in KernelAnswer answer,
        KernelState after,
        List<KernelCircumstance> found)
    {
        ulong old = before.Objects[command.File.Value].Length, length = after.Objects[command.File.Value].Length;
        bool truncates = command.Kind == KernelCommandKind.Truncate;
        if (!truncates && length == old)
        {
            found.Add(answer.Length == 0 ? KernelCircumstance.Nothing
                : answer.Length < command.Length.Value ? KernelCircumstance.Short : KernelCircumstance.None);
            return;
        }

        found.Add(length > old ? KernelCircumstance.Longer
            : length < old ? KernelCircumstance.Shorter : KernelCircumstance.Nothing);
        int file = command.File.Value;
        ulong kept = after.Objects[file].PageCount, had = before.Objects[file].PageCount;
        bool mapped = before.Processes.Any(process => process is not null && process.Areas.Any(area =>
            area.Object == file && area.ObjectPageAt(area.End) > kept && area.ObjectPageAt(area.Start) < had));
        Add(found, KernelCircumstance.CutMapped, truncates && kept < had && mapped);
    }

    private static void OfChange(
        ProcessState before, in KernelCommand command, int faults, ProcessState after, List<KernelCircumstance> found)
    {
        if (command.Kind == KernelCommandKind.MadviseOther && command.Other != command.Process)
        {
            found.Add(KernelCircumstance.OfAnother);
            return;
        }

        if (command.Kind is KernelCommandKind.Madvise or KernelCommandKind.MadviseOther)
        {
            bool dropped = before.Pages.Count(page => page.IsCopy) > after.Pages.Count(page => page.IsCopy);
            bool freed = after.Pages.Any(page => page.Freed) && command.Advice == MemoryAdvice.Free;
            found.Add(dropped || freed ? KernelCircumstance.Dropped
                : faults > 0 ? KernelCircumstance.Populated : KernelCircumstance.Nothing);
            return;
        }

        int grown = after.Areas.Length - before.Areas.Length;
        bool merges = command.Kind == KernelCommandKind.Mprotect && grown < 0;
        found.Add(before.Areas.SequenceEqual(after.Areas) ? KernelCircumstance.Nothing
            : grown > 0 ? KernelCircumstance.Split : merges ? KernelCircumstance.Merged : KernelCircumstance.None);
        Add(found, KernelCircumstance.Populated, faults > 0);
    }

    /// <summary>What lies behind an area.</summary>
    public static KernelCircumstance BackingOf(in Area area, int files) => area switch
    {
        { Object: Area.NoObject } => KernelCircumstance.PrivateAnonymous,
        { Shared: false } => KernelCircumstance.PrivateFile,
        _ => area.Object < files ? KernelCircumstance.SharedFile : KernelCircumstance.SharedAnonymous,
    };

    private static void Add(List<KernelCircumstance> found, KernelCircumstance circumstance, bool when)
    {
        if (when)
        {
            found.Add(circumstance);
        }
    }
}
