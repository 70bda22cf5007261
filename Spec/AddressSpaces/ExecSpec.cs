using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// exec. Text and data are private mappings of the file, so that nothing is read before it is touched, and pages that
/// are not stored to are those of the file; zeros behind the data are anonymous, and the rest of the last page of data
/// is cleared, which takes a copy of it. Where the file has no such page the process ends, since its old memory is
/// gone. The heap begins on the page after all that, and the stack has room for what Linux gives it at first.
/// Source: execve(2), sections DESCRIPTION and ERRORS; elf(5), p_filesz and p_memsz of PT_LOAD; of the rest of the last
/// page, the heap and the stack fs/binfmt_elf.c (elf_load, padzero) and fs/exec.c (setup_arg_pages) of Linux 6.12.
/// </summary>
public static class ExecSpec
{
    private const ulong StackLength = 33 * PageContent.Bytes;
    private const MemoryProtection Data = MemoryProtection.Read | MemoryProtection.Write;

    /// <summary>Puts an image in the place of all that a process has mapped.</summary>
    public static KernelOutcome Exec(KernelState state, in KernelCommand command)
    {
        FileRights rights = command.File.Value < state.Files
            ? state.Objects[command.File.Value].Rights
            : FileRights.None;
        if (!rights.HasFlag(FileRights.Read))
        {
            return KernelOutcome.Failed(state, rights == FileRights.None ? Errno.EBADF : Errno.EACCES);
        }

        int file = command.File.Value;
        ulong data = AddressSpaceSpec.PageStart(command.Target.Value);
        ulong filled = command.Target.Value + command.NewLength.Value;
        ulong zeros = command.NewLength.Value == 0 ? data : AddressSpaceSpec.PageAlign(filled);
        ulong end = AddressSpaceSpec.PageAlign(filled + command.Value);
        ulong top = state.Kernel.StackTop.Value, offset = AddressSpaceSpec.PageAlign(command.Length.Value);
        ulong last = state.Processes[command.Process.Value]!.LastMapped;
        ProcessState image = new([], [], last) { Heap = end, Break = end };
        image = Map(image, command.Address.Value, command.Address.Value + offset,
            MemoryProtection.Read | MemoryProtection.Execute, file, command.Offset);
        image = Map(image, data, zeros, Data, file, command.Offset + offset);
        image = Map(image, zeros, command.Value == 0 ? zeros : end, Data, Area.NoObject, 0);
        image = Map(image, top - StackLength, top, Data, Area.NoObject, 0, growsDown: true);
        var done = KernelOutcome.Done(state.With(command.Process, image));
        bool hasRest = command.Value > 0 && zeros > filled;
        return hasRest && command.NewLength.Value > 0 ? ClearRest(done, command.Process, filled) : done;
    }

    private static ProcessState Map(
        ProcessState image,
        ulong start,
        ulong end,
        MemoryProtection protection,
        int backing,
        ulong offset,
        bool growsDown = false) => start >= end ? image : AddressSpaceSpec.Add(image, new Area(
            start, end, protection, Shared: false, backing, offset, Locked: false, growsDown, Touched: false,
            Seams: true));

    private static KernelOutcome ClearRest(in KernelOutcome done, ProcessNumber number, ulong from)
    {
        ulong page = AddressSpaceSpec.PageStart(from);
        var area = AddressSpaceSpec.AreaAt(done.State.Processes[number.Value]!, page)!.Value;
        var touch = FaultSpec.Enter(done.State, number, area, page, writes: true);
        if (touch.Signal != MemorySignal.None)
        {
            return KernelOutcome.Failed(done.State.With(number, null), Errno.EFAULT);
        }

        var process = touch.State.Processes[number.Value]!;
        var copy = process.PageAt(page)!.Value;
        var cleared = copy with { Content = copy.Content.Clear((int)(from - page), PageContent.Bytes) };
        return done with
        {
            State = touch.State.With(number, process.With(cleared)),
            FaultsLeast = touch.FaultsLeast,
            FaultsMost = touch.FaultsMost,
            MajorMost = touch.MayBeMajor ? touch.FaultsMost : 0,
        };
    }
}
