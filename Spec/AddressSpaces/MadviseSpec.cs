using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// madvise. Where a part of the range is not mapped, the rest is done and the call fails in the end.
/// Source: madvise(2), sections DESCRIPTION and ERRORS; the order as Linux 6.18 answers.
/// </summary>
public static class MadviseSpec
{
    /// <summary>Takes advice about a range.</summary>
    public static KernelOutcome Madvise(KernelState state, in KernelCommand command)
    {
        ulong start = command.Address.Value, length = AddressSpaceSpec.PageAlign(command.Length.Value);
        bool known = command.Advice is MemoryAdvice.Normal or MemoryAdvice.DontNeed;
        bool overflows = (length == 0 && command.Length.Value != 0) || start + length < start;
        if (!known || start % PageContent.Bytes != 0 || overflows)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        var process = state.Processes[command.Process.Value]!;
        var after = command.Advice == MemoryAdvice.DontNeed
            ? state.With(command.Process, AddressSpaceSpec.DropPages(process, start, start + length))
            : state;
        return length == 0 || AddressSpaceSpec.IsCovered(process, start, start + length)
            ? KernelOutcome.Done(after)
            : KernelOutcome.Failed(after, Errno.ENOMEM);
    }
}
