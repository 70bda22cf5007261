using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>What an image is made of; data follow the text in the file, on the next page.</summary>
internal readonly record struct ImageRequest(
    int File, ulong Offset, ulong Text, ulong TextLength, ulong Data, ulong DataLength, ulong Zeros, ulong StackTop)
{
    /// <summary>What a command asks for.</summary>
    public static ImageRequest Of(in KernelCommand command, KernelCapabilities kernel) => new(
        command.File.Value,
        command.Offset,
        command.Address.Value,
        command.Length.Value,
        command.Target.Value,
        command.NewLength.Value,
        command.Value,
        kernel.StackTop.Value);
}

/// <summary>
/// exec. Areas alone are made, and one page at most: that in which data of the file end and zeros begin. When that
/// cannot be, the process ends, since what it had is gone.
/// </summary>
internal static class ImageCalls
{
    // As much as Linux gives a stack with a page of arguments at first.
    private const ulong StackLength = 33 * AddressSpace.PageBytes;
    private const MemoryProtection Stored = MemoryProtection.Read | MemoryProtection.Write;

    /// <summary>Puts an image in the place of all that a process has mapped.</summary>
    public static CallEnd Exec<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, in ImageRequest image)
        where TYield : struct, IWait
    {
        var cache = cpu.Core.Cache;
        var rights = image.File >= cache.Files ? FileRights.None : cache[image.File].Rights;
        if ((rights & FileRights.Read) == 0)
        {
            return CallEnd.Failed(rights == FileRights.None ? Errno.EBADF : Errno.EACCES);
        }

        cpu.AwaitOthers(space);
        cpu.Lock(space);
        MappingCalls.UnmapAll(cpu, space);
        ulong filled = image.Data + image.DataLength, data = AddressSpace.PageStart(image.Data);
        ulong zeros = image.DataLength == 0 ? data : AddressSpace.PageAlign(filled);
        ulong end = AddressSpace.PageAlign(filled + image.Zeros), text = AddressSpace.PageAlign(image.TextLength);
        Map(cpu, space, image.Text, image.Text + text, MemoryProtection.Read | MemoryProtection.Execute, image.File,
            image.Offset);
        Map(cpu, space, data, zeros, Stored, image.File, image.Offset + text);
        Map(cpu, space, zeros, image.Zeros == 0 ? zeros : end, Stored, Area.NoObject, 0);
        Map(cpu, space, image.StackTop - StackLength, image.StackTop, Stored, Area.NoObject, 0, AreaFlags.GrowsDown);
        (space.Heap, space.Break) = (end, end);
        bool hasRest = image.Zeros > 0 && image.DataLength > 0 && zeros > filled;
        var cleared = hasRest ? ClearRest(cpu, space, filled) : FaultEnd.Resolved;
        cpu.Flush(space);
        cpu.Unlock(space);
        if (cleared == FaultEnd.Resolved)
        {
            return CallEnd.Done();
        }

        ProcessCalls.Exit(cpu, space);
        return CallEnd.Failed(cleared == FaultEnd.NoMemory ? Errno.ENOMEM : Errno.EFAULT);
    }

    private static void Map<TYield>(
        in KernelCpu<TYield> cpu,
        AddressSpace space,
        ulong start,
        ulong end,
        MemoryProtection protection,
        int backing,
        ulong offset,
        AreaFlags flags = AreaFlags.None)
        where TYield : struct, IWait
    {
        if (start < end)
        {
            ObjectPages.Hold(cpu.Core.Cache, backing, space.Number);
            space.Areas.Insert(new()
            {
                Start = start,
                End = end,
                Offset = offset,
                Object = backing,
                Protection = protection,
                Flags = flags,
            }, cpu.Yield);
        }
    }

    private static FaultEnd ClearRest<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong from)
        where TYield : struct, IWait
    {
        ulong page = AddressSpace.PageStart(from);
        var end = Population.Populate(cpu, space, page, page + AddressSpace.PageBytes);
        if (end == FaultEnd.Resolved)
        {
            int frame = PhysicalPages.FrameOf(UserPages.EntryOf(cpu, space, page));
            cpu.Pages.BytesOf(frame)[(int)(from - page)..].Clear();
        }

        return end;
    }
}
