using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// Pages that the kernel touches for a process before it does. Each takes the fault that an access would take, and
/// the first that cannot be touched ends it.
/// Source: mlock(2); mmap(2), MAP_POPULATE and MAP_LOCKED; madvise(2), MADV_POPULATE_READ and MADV_POPULATE_WRITE.
/// </summary>
public static class PopulateSpec
{
    /// <summary>
    /// Touches what has been mapped or locked: by stores where the process has copies of its own and may store,
    /// otherwise by loads, unless it may do nothing at all.
    /// </summary>
    public static KernelOutcome Populate(KernelOutcome done, ProcessNumber number, ulong start, ulong end) =>
        Touch(done, number, start, end, Writes, area => area.Protection != MemoryProtection.None).Outcome;

    /// <summary>The same for mlock, which fails when that does.</summary>
    public static KernelOutcome Lock(KernelOutcome done, ProcessNumber number, ulong start, ulong end)
    {
        var (outcome, signal) = Touch(
            done, number, start, end, Writes, area => area.Protection != MemoryProtection.None);
        return signal == MemorySignal.None ? outcome : Failed(outcome, Errno.ENOMEM);
    }

    /// <summary>Takes the advice to touch a range, by loads or by stores.</summary>
    public static KernelOutcome Advise(KernelState state, in KernelCommand command, ulong length)
    {
        bool writes = command.Advice == MemoryAdvice.PopulateWrite;
        MemoryProtection needed = writes ? MemoryProtection.Write : MemoryProtection.Read;
        ulong start = command.Address.Value;
        var (outcome, signal) = Touch(
            KernelOutcome.Done(state),
            command.Process,
            start,
            start + length,
            _ => writes,
            area => area.Protection.HasFlag(needed));
        return signal switch
        {
            MemorySignal.None => outcome,
            MemorySignal.NoArea => Failed(outcome, Errno.ENOMEM),
            MemorySignal.Forbidden => Failed(outcome, Errno.EINVAL),
            _ => Failed(outcome, Errno.EFAULT),
        };
    }

    private static bool Writes(Area area) => !area.Shared && area.Protection.HasFlag(MemoryProtection.Write);

    private static KernelOutcome Failed(in KernelOutcome outcome, Errno errno) =>
        outcome with { Answer = new() { Kind = KernelAnswerKind.Failed, Errno = errno } };

    private static (KernelOutcome Outcome, MemorySignal Signal) Touch(
        KernelOutcome outcome,
        ProcessNumber number,
        ulong start,
        ulong end,
        Func<Area, bool> writes,
        Func<Area, bool> permits)
    {
        for (ulong page = start; page < end; page += PageContent.Bytes)
        {
            if (AddressSpaceSpec.AreaAt(outcome.State.Processes[number.Value]!, page) is not { } area)
            {
                return (outcome, MemorySignal.NoArea);
            }

            if (!permits(area))
            {
                return (outcome, MemorySignal.Forbidden);
            }

            var touch = FaultSpec.Enter(outcome.State, number, area, page, writes(area));
            if (touch.Signal != MemorySignal.None)
            {
                return (outcome, touch.Signal);
            }

            outcome = outcome with
            {
                State = touch.State,
                FaultsLeast = outcome.FaultsLeast + touch.FaultsLeast,
                FaultsMost = outcome.FaultsMost + touch.FaultsMost,
                MajorMost = outcome.MajorMost + (touch.MayBeMajor ? touch.FaultsMost : 0),
            };
        }

        return (outcome, MemorySignal.None);
    }
}
