using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>The calls on open files.</summary>
internal static class FileCalls
{
    /// <summary>Reads, as far as there is something to read; tells the sum.</summary>
    public static CallEnd Read(KernelCore core, int file, ulong offset, ulong length)
    {
        var errno = CheckBytes(core.Cache, file, offset, length, FileRights.Read);
        if (errno != Errno.None)
        {
            return CallEnd.Failed(errno);
        }

        ulong end = core.Cache[file].Length;
        ulong count = offset >= end ? 0 : Math.Min(length, end - offset);
        return CallEnd.Done(FileBytes.Sum(core, file, offset, count), count);
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

        FileBytes.ClearTail(cpu.Core, file, Math.Min(before, length));
        cache[file].Length = length;
        if (length < before)
        {
            ulong pages = cache[file].PageCount;
            Truncation.UnmapFrom(cpu, file, pages);
            ObjectPages.RemoveFrom(cpu, file, pages);
        }

        return CallEnd.Done();
    }

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

        var rights = file < cache.Files ? cache[file].Rights : FileRights.None;
        return rights == FileRights.None ? Errno.EBADF : (rights & wanted) == 0 ? without : Errno.None;
    }
}
