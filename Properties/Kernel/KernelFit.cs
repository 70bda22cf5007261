using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Spec.AddressSpaces;

namespace PageProof.Properties.Kernel;

/// <summary>Which sequences a kernel can be asked.</summary>
public sealed class KernelFit(KernelCapabilities capabilities)
{
    private const ulong PageBytes = 4096;
    private const ulong PresenceMax = 64 * PageBytes;
    private const ulong ReclaimMax = 1UL << 30;
    private const FileRights Both = FileRights.Read | FileRights.Write;

    /// <summary>The least address at which anything is mapped.</summary>
    private ulong First => capabilities.Arena.Value - (ulong)capabilities.ArenaPages / 2 * PageBytes;

    /// <summary>The address after the last at which anything is mapped by choice.</summary>
    private ulong End => capabilities.Arena.Value
        + ((ulong)capabilities.ArenaPages * 3 / 2 + KernelCapabilities.StackGapPages) * PageBytes;

    /// <summary>The address after the lowest ones that there can be.</summary>
    private ulong LowEnd => capabilities.MmapMinAddress + KernelCapabilities.LowPages * PageBytes;

    /// <summary>Whether the kernel can be asked the sequence.</summary>
    public bool IsWithin(in KernelSequence sequence)
    {
        var (start, commands) = sequence;
        return start.Processes <= capabilities.Processes && start.Cpus <= capabilities.Cpus
            && (start.Frames == 0 || (start.Frames >= KernelStart.FramesLeast && capabilities.FewFrames))
            && (capabilities.RestrictedFiles || start.Files.All(file => file.Rights == Both))
            && commands.All(command => command.Cpu.Value < start.Cpus && command.Process.Value < start.Processes
                && capabilities.Commands.Contains(command.Kind) && IsWithin(command))
            && !(commands.Any(command => Locks(command)) && commands.Any(command => Leaves(command)));
    }

    /// <summary>
    /// Whether a command locks memory. Linux takes the lock from all of its area when a part is moved and left
    /// mapped, and what its areas are is not known: so no sequence has both.
    /// </summary>
    internal static bool Locks(in KernelCommand command) =>
        command.Kind == KernelCommandKind.Mlock || command.Flags.HasFlag(MmapFlags.Locked);

    /// <summary>Whether a command moves memory and leaves its place mapped.</summary>
    internal static bool Leaves(in KernelCommand command) =>
        command.Kind == KernelCommandKind.Mremap && command.Remap.HasFlag(MremapFlags.DontUnmap);

    /// <summary>Whether a command names nothing that is not the sequence's.</summary>
    public bool IsWithin(in KernelCommand command) => command.Kind switch
    {
        KernelCommandKind.Load or KernelCommandKind.Store =>
            command.Length.Value is 1 or 2 or 4 or 8
            && (IsNear(command) || IsInside(command) || IsLow(command) || IsNobodys(command)),
        KernelCommandKind.ForceWrite or KernelCommandKind.ForceRaced => command.Length.Value <= sizeof(ulong)
            && (IsNear(command) || IsInside(command) || IsLow(command) || IsNobodys(command)),
        KernelCommandKind.Checksum or KernelCommandKind.Presence =>
            command.Address.Value % PageBytes == 0 && command.Length.Value % PageBytes == 0
            && (command.Kind == KernelCommandKind.Checksum || command.Length.Value <= PresenceMax)
            && (IsNear(command) || IsInside(command) || IsLow(command)),
        KernelCommandKind.PipeWrite => IsPipe(command) && command.Length.Value <= KernelSequence.PipeWriteMax,
        KernelCommandKind.PipeRead => IsPipe(command) && command.Length.Value <= KernelSequence.FileReadMax,
        KernelCommandKind.Splice => IsPipe(command),
        KernelCommandKind.VmSplice => IsPipe(command) && command.Length.Value <= KernelSequence.PipeWriteMax
            && (IsNear(command) || IsInside(command) || IsNobodys(command)),
        KernelCommandKind.Pin => IsPin(command) && capabilities.Pinnings.Contains(command.Pinning)
            && command.Length.Value <= KernelSequence.PinMax && !IsNothing(command)
            && (IsNear(command) || IsInside(command) || IsNobodys(command)),
        KernelCommandKind.Unpin => IsPin(command),
        KernelCommandKind.SwapOn or KernelCommandKind.SwapOff =>
            command.Swap.Value < KernelSequence.SwapSlots.Length && command.Value <= (ulong)short.MaxValue,
        KernelCommandKind.Reclaim => command.Length.Value <= ReclaimMax,
        KernelCommandKind.Compact =>
            command.Value <= FrameOrder.Most && (IsNear(command) || IsInside(command) || IsNobodys(command)),
        KernelCommandKind.Zswap => command.Value <= KernelSequence.PoolPagesMax
            && (command.Compressor == ZswapCompressor.None || capabilities.Compressors.Contains(command.Compressor)),
        KernelCommandKind.PinLoad or KernelCommandKind.PinStore =>
            IsPin(command) && command.Length.Value <= sizeof(ulong),
        KernelCommandKind.FileWrite => command.Length.Value <= sizeof(ulong),
        KernelCommandKind.FileRead => command.Length.Value <= KernelSequence.FileReadMax,
        KernelCommandKind.Mmap => IsOffered(command.Flags) && (IsNear(command) || IsInside(command)
            || (IsLow(command) && command.Address.Value >= capabilities.MmapMinAddress)
            || IsRefused(command) || IsAnywhere(command)),
        KernelCommandKind.Madvise or KernelCommandKind.MadviseOther =>
            (!Enum.IsDefined(command.Advice) || capabilities.Advice.Contains(command.Advice))
            && (IsNear(command) || IsInside(command) || IsRefused(command)),
        KernelCommandKind.Mremap => (IsNear(command) || IsInside(command) || IsRefused(command)) && HasRoom(command),
        KernelCommandKind.Munmap or KernelCommandKind.Mprotect or KernelCommandKind.Mlock
            or KernelCommandKind.Munlock or KernelCommandKind.Msync =>
            IsNear(command) || IsInside(command) || IsLow(command) || IsRefused(command),
        KernelCommandKind.Exec => IsImage(command),
        KernelCommandKind.Brk => !command.FromLast
            && (command.Address.Value <= End || command.Address.Value > AddressSpaceSpec.UserEnd),
        _ => true,
    };

    private static bool IsPipe(in KernelCommand command) => command.Pipe.Value < KernelSequence.PipeBuffers.Length;

    private static bool IsPin(in KernelCommand command) => command.Pin.Value < KernelSequence.Pins
        && (command.Pinning & ~(PinFlags.Write | PinFlags.LongTerm)) == 0;

    // Nothing at no address is a buffer of io_uring, which has nothing.
    private static bool IsNothing(in KernelCommand command) =>
        !command.FromLast && command.Address.Value == 0 && command.Length.Value == 0;

    // Text and data in whole pages of their own, in this order, and all within the arena.
    private bool IsImage(in KernelCommand command)
    {
        ulong arena = capabilities.Arena.Value, end = arena + (ulong)capabilities.ArenaPages * PageBytes;
        ulong text = command.Address.Value, data = command.Target.Value;
        return !command.FromLast && text >= arena && text % PageBytes == 0 && command.Offset % PageBytes == 0
            && command.Offset <= KernelStart.FileLengthMax && command.Length.Value <= end - arena
            && text + AddressSpaceSpec.PageAlign(command.Length.Value) <= AddressSpaceSpec.PageStart(data)
            && data <= end && command.NewLength.Value <= end - data
            && command.Value <= end - data - command.NewLength.Value;
    }

    private bool IsOffered(MmapFlags flags) =>
        (flags & ~capabilities.Flags & (MmapFlags.Populate | MmapFlags.Locked | MmapFlags.GrowsDown)) == 0;

    private static bool IsAnywhere(in KernelCommand command) =>
        (command.Flags & (MmapFlags.Fixed | MmapFlags.FixedNoReplace)) == 0
        && command.Address.Value == 0 && command.Length.Value <= KernelSequence.FromLastMax;

    private static bool IsNobodys(in KernelCommand command) => !command.FromLast
        && (command.Address.Value < PageBytes || command.Address.Value >= AddressSpaceSpec.UserEnd - sizeof(ulong));

    // Where something goes to is in the arena, or it cannot go there. From a length that overflows Linux looks for
    // no overlap, and unmaps the target before it finds out.
    private bool HasRoom(in KernelCommand command)
    {
        ulong target = command.Target.Value, length = command.NewLength.Value;
        bool isFixed = (command.Remap & (MremapFlags.Fixed | MremapFlags.DontUnmap)) != 0;
        bool small = length <= (ulong)capabilities.ArenaPages * PageBytes;
        return (small || length > AddressSpaceSpec.UserEnd)
            && (!isFixed || command.Length.Value <= (ulong)capabilities.ArenaPages * PageBytes)
            && (!isFixed || !small || (target >= First && target <= End && length <= End - target)
                || target >= AddressSpaceSpec.UserEnd);
    }

    private static bool IsNear(in KernelCommand command) => command.FromLast
        && command.Address.Value <= KernelSequence.FromLastMax
        && command.Length.Value <= KernelSequence.FromLastMax - command.Address.Value;

    private bool IsInside(in KernelCommand command) => !command.FromLast
        && command.Address.Value >= First && command.Address.Value <= End
        && command.Length.Value <= End - command.Address.Value;

    private bool IsLow(in KernelCommand command) => !command.FromLast
        && command.Address.Value <= LowEnd && command.Length.Value <= LowEnd - command.Address.Value;

    // Lengths that overflow, and addresses that no process has: nothing of the system's own can be meant.
    private bool IsRefused(in KernelCommand command) => !command.FromLast
        && command.Address.Value >= First
        && (command.Address.Value >= AddressSpaceSpec.UserEnd
            ? command.Kind != KernelCommandKind.Mmap || command.Length.Value <= KernelSequence.FromLastMax
            : command.Length.Value >= 0UL - First);
}
