namespace PageProof.Contract.Kernel;

/// <summary>
/// Tells whether a known deviation explains an <paramref name="answer"/> to a command that should have been
/// answered as the <paramref name="permitted"/> one says, faults apart.
/// </summary>
public delegate bool KernelExplanation(
    in KernelCommand command, in KernelAnswer permitted, in KernelAnswer answer);

/// <summary>
/// One known way in which a kernel differs from its manual: as narrow as it can be said, with the reason why the
/// manual stands. What the command leaves is as if it had been answered as permitted.
/// <c>docs/findings.md</c> tells each.
/// </summary>
public sealed record KernelDeviation(string Name, string Reason, KernelExplanation Explains);
