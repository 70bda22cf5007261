using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Spec.PageCache;

/// <summary>
/// The calls on open files, and what a shorter file leaves of its mappings: pages beyond its new end are gone,
/// private copies too.
/// Source: pread(2), pwrite(2), ftruncate(2), fallocate(2), fsync(2), getrlimit(2) of RLIMIT_FSIZE; the order of the
/// checks as Linux 6.18 answers.
/// </summary>
public static class FileCallSpec
{
    /// <summary>Reads, as far as there is something to read.</summary>
    public static KernelOutcome Read(KernelState state, in KernelCommand command)
    {
        if ((long)command.Offset < 0)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        if (FileOf(state, command) is not { } file || !file.Rights.HasFlag(FileRights.Read))
        {
            return KernelOutcome.Failed(state, Errno.EBADF);
        }

        if (Overflows(command))
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        ulong count = FileSpec.BytesToRead(file, command.Offset, command.Length.Value);
        return KernelOutcome.Done(state, FileSpec.Sum(file, command.Offset, count), count);
    }

    /// <summary>Writes up to eight bytes, as far as the limit of a file's size lets it.</summary>
    public static KernelOutcome Write(KernelState state, in KernelCommand command)
    {
        if ((long)command.Offset < 0)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        if (FileOf(state, command) is not { } file || !file.Rights.HasFlag(FileRights.Write))
        {
            return KernelOutcome.Failed(state, Errno.EBADF);
        }

        if (Overflows(command))
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        ulong limit = state.Kernel.FileSizeLimit;
        if (command.Length.Value > 0 && command.Offset >= limit)
        {
            return KernelOutcome.Failed(state, Errno.EFBIG);
        }

        ulong count = Math.Min(command.Length.Value, limit - command.Offset);
        var written = FileSpec.Write(file, command.Offset, (int)count, command.Value, state.Kernel.KeepsTails);
        return KernelOutcome.Done(state.With(command.File.Value, written), length: count);
    }

    /// <summary>Changes the length of a file.</summary>
    public static KernelOutcome Truncate(KernelState state, in KernelCommand command)
    {
        if ((long)command.Offset < 0)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        if (FileOf(state, command) is not { } file || file.Rights == FileRights.None)
        {
            return KernelOutcome.Failed(state, Errno.EBADF);
        }

        ulong length = command.Offset;
        if (!file.Rights.HasFlag(FileRights.Write))
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        if (length > file.Length && length > state.Kernel.FileSizeLimit)
        {
            return KernelOutcome.Failed(state, Errno.EFBIG);
        }

        var changed = FileSpec.SetLength(file, length, state.Kernel.KeepsTails);
        int number = command.File.Value;
        var cut = PipeSpec.Cut(state, number, changed.PageCount, ulong.MaxValue);
        return KernelOutcome.Done(cut.With(number, changed) with
        {
            Processes = [.. state.Processes.Select(process => process is null ? null : Cut(process, number, changed))],
        });
    }

    /// <summary>Makes a hole: whole pages are gone from shared mappings, and what remains is zero.</summary>
    public static KernelOutcome PunchHole(KernelState state, in KernelCommand command)
    {
        if (FileOf(state, command) is not { } file || file.Rights == FileRights.None)
        {
            return KernelOutcome.Failed(state, Errno.EBADF);
        }

        long offset = (long)command.Offset, length = (long)command.Length.Value;
        if (offset < 0 || length <= 0)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        if (!file.Rights.HasFlag(FileRights.Write) || Overflows(command))
        {
            bool writable = file.Rights.HasFlag(FileRights.Write);
            return KernelOutcome.Failed(state, writable ? Errno.EFBIG : Errno.EBADF);
        }

        ulong end = command.Offset + command.Length.Value;
        ulong first = AddressSpaceSpec.PageAlign(command.Offset) / PageContent.Bytes;
        var cut = PipeSpec.Cut(state, command.File.Value, first, end / PageContent.Bytes);
        return KernelOutcome.Done(cut.With(command.File.Value, FileSpec.Clear(file, command.Offset, end)));
    }

    /// <summary>Writes back: a file is its bytes all the same.</summary>
    public static KernelOutcome Fsync(KernelState state, in KernelCommand command) =>
        FileOf(state, command) is { Rights: not FileRights.None }
            ? KernelOutcome.Done(state)
            : KernelOutcome.Failed(state, Errno.EBADF);

    /// <summary>Offsets are signed: the one after the last byte must be one, too.</summary>
    private static bool Overflows(in KernelCommand command) => (long)(command.Offset + command.Length.Value) < 0;

    private static MemoryObject? FileOf(KernelState state, in KernelCommand command) =>
        command.File.Value < state.Files ? state.Objects[command.File.Value] : null;

    private static ProcessState Cut(ProcessState process, int file, MemoryObject changed) => process with
    {
        Pages = process.Pages.RemoveAll(page => AddressSpaceSpec.AreaAt(process, page.Start) is { } area
            && area.Object == file && area.ObjectPageAt(page.Start) >= changed.PageCount),
    };
}
