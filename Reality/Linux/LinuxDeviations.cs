using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;

namespace PageProof.Reality.Linux;

/// <summary>In what the running kernel is known to differ from its manual, found with version 6.18.</summary>
internal static class LinuxDeviations
{
    private const ulong ErrnoMax = 4095;

    public static IReadOnlyList<KernelDeviation> All { get; } =
    [
        new("address-taken-for-errno",
            "A fixed mapping in the last 4095 bytes of all addresses fails with its own address as the errno, though "
            + "mmap(2) has ENOMEM or EINVAL for it.",
            (in KernelCommand command, in KernelAnswer permitted, in KernelAnswer answer) =>
                command.Kind == KernelCommandKind.Mmap
                && (command.Flags & (MmapFlags.Fixed | MmapFlags.FixedNoReplace)) != 0
                && !command.FromLast && 0UL - command.Address.Value is > 0 and <= ErrnoMax
                && permitted.Kind == KernelAnswerKind.Failed
                && answer == new KernelAnswer
                {
                    Kind = KernelAnswerKind.Failed,
                    Errno = (Errno)(0UL - command.Address.Value),
                }),
    ];
}
