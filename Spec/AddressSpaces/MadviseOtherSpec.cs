using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// process_madvise. About itself a process may say all that madvise takes; about another only what changes nothing
/// that this other can see, and with CAP_SYS_NICE. What succeeds tells how many bytes it was about.
/// Source: process_madvise(2), sections DESCRIPTION and ERRORS; pidfd_open(2), of ESRCH. The order of the checks, that
/// a process may give itself all advice, and that none is looked at for no bytes, as Linux 6.18 answers.
/// </summary>
public static class MadviseOtherSpec
{
    /// <summary>Takes advice about a range of a process.</summary>
    public static KernelOutcome Madvise(KernelState state, in KernelCommand command)
    {
        ulong start = command.Address.Value, length = command.Length.Value;
        bool exists = command.Other.Value < state.Processes.Length && state.Processes[command.Other.Value] is not null;
        bool about = command.Other != command.Process;
        bool harmless = command.Advice is MemoryAdvice.WillNeed or MemoryAdvice.Cold or MemoryAdvice.PageOut;
        var errno = command switch
        {
            _ when !exists => Errno.ESRCH,
            _ when (long)length < 0 => Errno.EINVAL,
            _ when start > AddressSpaceSpec.UserEnd || length > AddressSpaceSpec.UserEnd - start => Errno.EFAULT,
            _ when about && !harmless => Errno.EINVAL,
            _ when about && !state.Kernel.AdvisesOthers => Errno.EPERM,
            _ => Errno.None,
        };
        if (errno != Errno.None || length == 0)
        {
            return errno != Errno.None ? KernelOutcome.Failed(state, errno) : KernelOutcome.Done(state);
        }

        var outcome = MadviseSpec.Madvise(state, command with { Process = command.Other });
        return outcome.Answer.Kind != KernelAnswerKind.Done ? outcome : outcome with
        {
            Answer = outcome.Answer with { Length = length },
        };
    }
}
