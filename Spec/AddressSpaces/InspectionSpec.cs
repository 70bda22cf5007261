using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// A process's memory as its files in <c>/proc</c> have it: written by force, and told by what is present.
/// Source: proc_pid_mem(5), proc_pid_pagemap(5), ptrace(2) of PTRACE_POKEDATA. A forced write makes a copy where the
/// process has copies of its own, whatever the protection; elsewhere it needs the right to write.
/// </summary>
public static class InspectionSpec
{
    private const int PagesMost = 64;

    /// <summary>Writes up to eight bytes, page by page up to the first that cannot be written.</summary>
    public static KernelOutcome ForceWrite(KernelState state, in KernelCommand command)
    {
        ulong address = command.Address.Value;
        if ((long)address < 0)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        KernelOutcome outcome = KernelOutcome.Done(state);
        ulong written = 0;
        while (written < command.Length.Value)
        {
            ulong at = address + written, page = AddressSpaceSpec.PageStart(at);
            outcome = outcome with { State = StackSpec.Reach(outcome.State, command.Process, at) };
            ulong count = Math.Min(command.Length.Value - written, page + PageContent.Bytes - at);
            if (AddressSpaceSpec.AreaAt(outcome.State.Processes[command.Process.Value]!, at) is not { } area
                || (area.Shared && !area.Protection.HasFlag(MemoryProtection.Write))
                || FaultSpec.Enter(outcome.State, command.Process, area, page, writes: true) is not
                { Signal: MemorySignal.None } touch)
            {
                break;
            }

            outcome = outcome with
            {
                State = ProcessViewSpec.Store(
                    touch.State, command.Process, at, (int)count, command.Value >> 8 * (int)written),
                FaultsLeast = outcome.FaultsLeast + touch.FaultsLeast,
                FaultsMost = outcome.FaultsMost + touch.FaultsMost,
                MajorMost = outcome.MajorMost + (touch.MayBeMajor ? touch.FaultsMost : 0),
            };
            written += count;
        }

        return written == 0 && command.Length.Value > 0
            ? KernelOutcome.Failed(outcome.State, Errno.EIO)
            : outcome with { Answer = outcome.Answer with { Length = written } };
    }

    /// <summary>
    /// The same, with the advice that the first page is not needed when that is ready: it has to be made ready anew, so
    /// that all comes to the advice first and the write then.
    /// </summary>
    public static KernelOutcome ForceRaced(KernelState state, in KernelCommand command)
    {
        // What the first byte leaves is dropped, or written once more.
        var ready = ForceWrite(state, command with { Length = new(Math.Min(command.Length.Value, 1)) });
        if (ready.Answer.Length == 0)
        {
            return ready;
        }

        var dropped = MadviseSpec.Madvise(ready.State, command with
        {
            Address = new(AddressSpaceSpec.PageStart(command.Address.Value)),
            Length = new(PageContent.Bytes),
            Advice = MemoryAdvice.DontNeed,
        });
        var written = ForceWrite(dropped.State, command);
        return written with
        {
            FaultsLeast = ready.FaultsLeast + written.FaultsLeast,
            FaultsMost = ready.FaultsMost + written.FaultsMost,
            MajorMost = ready.MajorMost + written.MajorMost,
        };
    }

    /// <summary>Tells which pages are present. Those of objects may be, as far as there are any.</summary>
    public static KernelOutcome Presence(KernelState state, in KernelCommand command)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong present = 0, open = 0;
        for (int place = 0; place < PagesMost && (ulong)place * PageContent.Bytes < command.Length.Value; place++)
        {
            ulong page = command.Address.Value + (ulong)place * PageContent.Bytes;
            if (AddressSpaceSpec.AreaAt(process, page) is not { } area)
            {
                continue;
            }

            var known = area.Shared ? null : process.PageAt(page);
            bool either = state.Tight || (known is { } some
                ? some.States.HasFlag(PageStates.Absent) || ReclaimSpec.MayBeOut(state, some)
                : area.Object >= 0 && area.ObjectPageAt(page) < state.Objects[area.Object].PageCount);
            open |= either ? 1UL << place : 0;
            present |= !either && known is not null ? 1UL << place : 0;
        }

        return KernelOutcome.Done(state, present) with { OpenBits = open };
    }
}
