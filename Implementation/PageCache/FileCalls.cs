using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>The calls on open files.</summary>
internal static class FileCalls
{
    private const int PageBytes = (int)AddressSpace.PageBytes;

    /// <summary>Reads, as far as there is something to read; tells the sum.</summary>
    public static CallEnd Read<TYield>(in KernelCpu<TYield> cpu, int file, ulong offset, ulong length)
        where TYield : struct, IWait
    {
        var errno = CheckBytes(cpu.Core.Cache, file, offset, length, FileRights.Read);
        if (errno != Errno.None)
        {
            return CallEnd.Failed(errno);
        }

        ulong end = cpu.Core.Cache[file].Length;
        ulong count = Math.Min(length, end - Math.Min(offset, end));
        return FileBytes.TrySum(cpu, file, offset, count, out ulong sum)
            ? CallEnd.Done(sum, count)
            : CallEnd.Failed(Errno.ENOMEM);
    }

    /// <summary>Writes up to eight bytes, as far as the limit of a file's size lets it.</summary>
    public static CallEnd Write<TYield>(
        in KernelCpu<TYield> cpu, int file, ulong offset, ulong length, ulong value, ulong limit)
        where TYield : struct, IWait
    {
        var errno = CheckBytes(cpu.Core.Cache, file, offset, length, FileRights.Write);
        if (errno != Errno.None || length == 0)
        {
            return new(errno, 0);
        }

        if (offset >= limit)
        {
            return CallEnd.Failed(Errno.EFBIG);
        }

        ulong count = Math.Min(length, limit - offset);
        return FileBytes.TryWrite(cpu, file, offset, (int)count, value)
            ? CallEnd.Done(0, count)
            : CallEnd.Failed(Errno.ENOMEM);
    }

    /// <summary>Changes the length. What is cut off is gone from every mapping before its frames are.</summary>
    public static CallEnd Truncate<TYield>(in KernelCpu<TYield> cpu, int file, ulong length, ulong limit)
        where TYield : struct, IWait
    {
        var cache = cpu.Core.Cache;
        var errno = Check(cache, file, length, FileRights.Write, Errno.EINVAL);
        if (errno != Errno.None)
        {
            return CallEnd.Failed(errno);
        }

        ulong before = cache[file].Length;
        if (length > before && length > limit)
        {
            return CallEnd.Failed(Errno.EFBIG);
        }

        // Where it grows, nothing is to be unmapped; otherwise nobody maps a page again before it is gone.
        ulong pages = AddressSpace.PageAlign(length) >> AddressSpace.PageBits;
        uint locked = length < before ? Truncation.Unmap(cpu, file, pages, ulong.MaxValue, copiesToo: true) : 0;
        FileBytes.ClearTail(cpu.Core, file, Math.Min(before, length));
        cache[file].Length = length;
        if (length < before)
        {
            ObjectPages.RemoveRange(cpu, file, pages, ulong.MaxValue);
        }

        Truncation.Unlock(cpu, locked);
        return CallEnd.Done();
    }

    /// <summary>Makes bytes zero, and gives up the pages that are all zero by that; private copies stay.</summary>
    public static CallEnd PunchHole<TYield>(in KernelCpu<TYield> cpu, int file, ulong offset, ulong length)
        where TYield : struct, IWait
    {
        var rights = RightsOf(cpu.Core.Cache, file);
        if (rights == FileRights.None)
        {
            return CallEnd.Failed(Errno.EBADF);
        }

        if ((long)offset < 0 || (long)length <= 0)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        ulong end = offset + length, first = AddressSpace.PageAlign(offset) >> AddressSpace.PageBits;
        if ((rights & FileRights.Write) == 0 || (long)end < 0)
        {
            return CallEnd.Failed((rights & FileRights.Write) == 0 ? Errno.EBADF : Errno.EFBIG);
        }

        ulong last = end >> AddressSpace.PageBits;
        int from = (int)(offset % AddressSpace.PageBytes), tail = (int)(end % AddressSpace.PageBytes);
        if (first > last)
        {
            FileBytes.Clear(cpu.Core, file, last, from, tail);
            return CallEnd.Done();
        }

        uint locked = first < last ? Truncation.Unmap(cpu, file, first, last - 1, copiesToo: false) : 0;
        FileBytes.Clear(cpu.Core, file, first - 1, from == 0 ? PageBytes : from, PageBytes);
        FileBytes.Clear(cpu.Core, file, last, 0, tail);
        if (first < last)
        {
            ObjectPages.RemoveRange(cpu, file, first, last - 1);
        }

        Truncation.Unlock(cpu, locked);
        return CallEnd.Done();
    }

    /// <summary>Writes a file back.</summary>
    public static CallEnd Sync<TYield>(in KernelCpu<TYield> cpu, int file)
        where TYield : struct, IWait
    {
        if (RightsOf(cpu.Core.Cache, file) == FileRights.None)
        {
            return CallEnd.Failed(Errno.EBADF);
        }

        WriteBack.Run(cpu, file, 0, ulong.MaxValue);
        return CallEnd.Done();
    }

    private static FileRights RightsOf(ObjectCache cache, int file) =>
        file < cache.Files ? cache[file].Rights : FileRights.None;

    // The end of the bytes is signed as well.
    private static Errno CheckBytes(ObjectCache cache, int file, ulong offset, ulong length, FileRights wanted)
    {
        var errno = Check(cache, file, offset, wanted, Errno.EBADF);
        return errno == Errno.None && (long)(offset + length) < 0 ? Errno.EINVAL : errno;
    }

    // A number of bytes is signed.
    private static Errno Check(ObjectCache cache, int file, ulong offset, FileRights wanted, Errno without)
    {
        if ((long)offset < 0)
        {
            return Errno.EINVAL;
        }

        var rights = RightsOf(cache, file);
        return rights == FileRights.None ? Errno.EBADF : (rights & wanted) == 0 ? without : Errno.None;
    }
}
