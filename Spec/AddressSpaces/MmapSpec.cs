using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// mmap and munmap. Where several errors are there, the one that Linux finds first is told.
/// Source: mmap(2), munmap(2), sections DESCRIPTION and ERRORS; the order of the checks and the rounding of a
/// hint as Linux 6.18 answers.
/// </summary>
public static class MmapSpec
{
    private const MmapFlags Kinds = MmapFlags.Shared | MmapFlags.Private;
    private const MemoryProtection Known =
        MemoryProtection.Read | MemoryProtection.Write | MemoryProtection.Execute;

    /// <summary>Maps. Where the system may choose the place, <paramref name="chosen"/> is what it chose.</summary>
    public static KernelOutcome Mmap(KernelState state, in KernelCommand command, ulong chosen)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong address = command.Address.Value, length = AddressSpaceSpec.PageAlign(command.Length.Value);
        bool isFixed = (command.Flags & (MmapFlags.Fixed | MmapFlags.FixedNoReplace)) != 0;
        if (ErrnoOf(state, process, command) is not Errno.None and var errno)
        {
            return KernelOutcome.Failed(state, errno);
        }

        ulong hint = AddressSpaceSpec.PageStart(address) is 0 ? 0
            : Math.Max(AddressSpaceSpec.PageStart(address), state.Kernel.MmapMinAddress);
        bool takesHint = hint != 0 && hint <= AddressSpaceSpec.UserEnd - length
            && AddressSpaceSpec.IsFree(process, hint, hint + length) && !StackSpec.Guards(process, hint + length);
        ulong place = isFixed ? address : takesHint ? hint : chosen;
        bool free = place % PageContent.Bytes == 0 && place != 0 && place <= AddressSpaceSpec.UserEnd - length
            && AddressSpaceSpec.IsFree(process, place, place + length);
        if (!isFixed && (!free || StackSpec.Guards(process, place + length)))
        {
            return new(state, default) { Refusal = $"nothing can be mapped at 0x{place:x}" };
        }

        var (after, backing) = Backing(state, command, length);
        Area added = new(
            place,
            place + length,
            command.Protection & Known,
            command.Flags.HasFlag(MmapFlags.Shared),
            backing,
            command.Flags.HasFlag(MmapFlags.Anonymous) ? 0 : command.Offset,
            command.Flags.HasFlag(MmapFlags.Locked),
            command.Flags.HasFlag(MmapFlags.GrowsDown),
            Touched: false,
            Seams: !command.Flags.HasFlag(MmapFlags.Shared));
        var room = AddressSpaceSpec.Unmap(process, place, place + length);
        var mapped = AddressSpaceSpec.Add(room, added) with { LastMapped = place };
        var done = KernelOutcome.Done(after.With(command.Process, mapped), place);
        bool populates = (command.Flags & (MmapFlags.Locked | MmapFlags.Populate)) != 0;
        return populates ? PopulateSpec.Populate(done, command.Process, place, place + length) : done;
    }

    /// <summary>Unmaps what is in a range; where nothing is, that is no error.</summary>
    public static KernelOutcome Munmap(KernelState state, in KernelCommand command)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong start = command.Address.Value, length = command.Length.Value;
        if (start % PageContent.Bytes != 0 || start > AddressSpaceSpec.UserEnd
            || length > AddressSpaceSpec.UserEnd - start || length == 0)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        ulong end = start + AddressSpaceSpec.PageAlign(length);
        return KernelOutcome.Done(state.With(command.Process, AddressSpaceSpec.Unmap(process, start, end)));
    }

    private static Errno ErrnoOf(KernelState state, ProcessState process, in KernelCommand command)
    {
        bool anonymous = command.Flags.HasFlag(MmapFlags.Anonymous);
        FileRights rights = anonymous || command.File.Value >= state.Files
            ? FileRights.None
            : state.Objects[command.File.Value].Rights;
        ulong address = command.Address.Value, length = AddressSpaceSpec.PageAlign(command.Length.Value);
        bool noReplace = command.Flags.HasFlag(MmapFlags.FixedNoReplace);
        bool isFixed = noReplace || command.Flags.HasFlag(MmapFlags.Fixed);
        return command switch
        {
            _ when command.Offset % PageContent.Bytes != 0 => Errno.EINVAL,
            _ when !anonymous && rights == FileRights.None => Errno.EBADF,
            _ when command.Length.Value == 0 => Errno.EINVAL,
            _ when length == 0 || length > AddressSpaceSpec.UserEnd => Errno.ENOMEM,
            _ when isFixed && address > AddressSpaceSpec.UserEnd - length => Errno.ENOMEM,
            _ when isFixed && address % PageContent.Bytes != 0 => Errno.EINVAL,
            _ when noReplace && !AddressSpaceSpec.IsFree(process, address, address + length) => Errno.EEXIST,
            _ => anonymous ? OfAnonymous(command) : OfFile(command, rights, length),
        };
    }

    private static Errno OfAnonymous(in KernelCommand command) =>
        (command.Flags & Kinds) switch
        {
            MmapFlags.Private => Errno.None,
            MmapFlags.Shared when !command.Flags.HasFlag(MmapFlags.GrowsDown) => Errno.None,
            _ => Errno.EINVAL,
        };

    // Both kinds at once are MAP_SHARED_VALIDATE, which refuses flags that came later than it did.
    private static Errno OfFile(in KernelCommand command, FileRights rights, ulong length)
    {
        bool reads = rights.HasFlag(FileRights.Read), writes = rights.HasFlag(FileRights.Write);
        return (command.Flags & Kinds) switch
        {
            _ when command.Offset > (ulong)long.MaxValue - length => Errno.EOVERFLOW,
            MmapFlags.None => Errno.EINVAL,
            Kinds when command.Flags.HasFlag(MmapFlags.FixedNoReplace) => Errno.EOPNOTSUPP,
            not MmapFlags.Private when command.Protection.HasFlag(MemoryProtection.Write) && !writes => Errno.EACCES,
            _ when !reads => Errno.EACCES,
            _ => command.Flags.HasFlag(MmapFlags.GrowsDown) ? Errno.EINVAL : Errno.None,
        };
    }

    private static (KernelState After, int Backing) Backing(KernelState state, in KernelCommand command, ulong length)
    {
        if (!command.Flags.HasFlag(MmapFlags.Anonymous))
        {
            return (state, command.File.Value);
        }

        if ((command.Flags & Kinds) == MmapFlags.Private)
        {
            return (state, Area.NoObject);
        }

        MemoryObject memory = new(length, [], FileRights.Read | FileRights.Write);
        return (state with { Objects = state.Objects.Add(memory) }, state.Objects.Length);
    }
}
