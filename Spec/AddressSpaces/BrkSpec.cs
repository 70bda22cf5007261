using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// brk. The heap lies between the first break of the process and the one that it has now. Its pages are private zeros
/// that can be read and written; what the break gives up is unmapped, whatever lies there. A break that cannot be is
/// answered by the one there is, and is no error of the call.
/// Source: brk(2), sections DESCRIPTION and NOTES (C library/kernel differences); fork(2), by which a child has the
/// break of its parent. That a page stays free above the heap, and the whole gap below a stack, and that a break
/// does not go down where nothing is mapped any more, is observed on Linux 6.18.
/// </summary>
public static class BrkSpec
{
    /// <summary>Moves the break; its pages are those that hold a byte below it.</summary>
    public static KernelOutcome Brk(KernelState state, in KernelCommand command)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong asked = command.Address.Value;
        ulong old = AddressSpaceSpec.PageAlign(process.Break), end = AddressSpaceSpec.PageAlign(asked);
        bool overflows = asked > AddressSpaceSpec.UserEnd;
        var moved = asked < process.Heap || overflows ? null
            : end == old ? process
            : end < old ? Shrink(process, end, old)
            : Grow(process, old, end);
        return moved is null
            ? KernelOutcome.Done(state, process.Break)
            : KernelOutcome.Done(state.With(command.Process, moved with { Break = asked }), asked);
    }

    private static ProcessState? Shrink(ProcessState process, ulong end, ulong old) =>
        AddressSpaceSpec.IsFree(process, end, old) ? null : AddressSpaceSpec.Unmap(process, end, old);

    private static ProcessState? Grow(ProcessState process, ulong old, ulong end) =>
        !AddressSpaceSpec.IsFree(process, old, end + PageContent.Bytes)
        || StackSpec.Guards(process, end + PageContent.Bytes)
            ? null
            : AddressSpaceSpec.Add(process, new Area(
                old,
                end,
                MemoryProtection.Read | MemoryProtection.Write,
                Shared: false,
                Area.NoObject,
                Offset: 0,
                Locked: false,
                GrowsDown: false,
                Touched: false,
                Seams: true));
}
