namespace PageProof.Contract.Tlb;

/// <summary>
/// The door of software-filled TLBs: a processor in the manner of the MIPS R4000, whose TLB holds what
/// software has written into it, and nothing else.
/// </summary>
public interface ISoftwareTlb : IDisposable
{
    /// <summary>
    /// Resets the processor, with a TLB of so many entries, and carries the commands out in their order,
    /// each answered in its place. It begins as <see cref="SoftwareTlbSequence"/> says.
    /// </summary>
    void Run(int entries, ReadOnlySpan<SoftwareTlbCommand> commands, Span<SoftwareTlbAnswer> answers);
}

/// <summary>
/// The door of a kernel that fills such a TLB: what its processes see of it.
/// </summary>
public interface ISoftwareTlbKernel : IDisposable
{
    /// <summary>
    /// Starts the kernel anew, with nothing mapped, and carries the commands out in their order, each
    /// answered in its place.
    /// </summary>
    void Run(
        SoftwareTlbKernelStart start,
        ReadOnlySpan<SoftwareTlbKernelCommand> commands,
        Span<SoftwareTlbKernelAnswer> answers);
}
