using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>How the pages of objects come into memory and go, and how long objects live.</summary>
internal static class ObjectPages
{
    /// <summary>The frame of a page, which is brought into memory; false when there is no frame for it.</summary>
    public static bool TryGet<TYield>(in KernelCpu<TYield> cpu, int number, ulong index, out int frame)
        where TYield : struct, IWait
    {
        var cache = cpu.Core.Cache;
        frame = cache.Find(number, index);
        if (frame != ObjectCache.None)
        {
            return true;
        }

        if (!cpu.TryTake(FrameKind.File, out frame))
        {
            return false;
        }

        cpu.Pages.Clear(frame);
        cache.Add(number, index, frame);
        cpu.Frames.Release(frame);
        return true;
    }

    /// <summary>One more area or opening of an object.</summary>
    public static void Hold(ObjectCache cache, int number, int space)
    {
        if (number != Area.NoObject)
        {
            cache[number].References++;
            cache[number].Spaces |= 1u << space;
        }
    }

    /// <summary>One less; after the last the object is gone with its pages.</summary>
    public static void Drop<TYield>(in KernelCpu<TYield> cpu, int number)
        where TYield : struct, IWait
    {
        var cache = cpu.Core.Cache;
        if (number == Area.NoObject || --cache[number].References > 0)
        {
            return;
        }

        while (cache[number].First != ObjectCache.None)
        {
            Remove(cpu, cache[number].First);
        }

        cache.Forget(number);
    }

    /// <summary>Removes the pages from an index on.</summary>
    public static void RemoveFrom<TYield>(in KernelCpu<TYield> cpu, int number, ulong index)
        where TYield : struct, IWait
    {
        for (int frame = cpu.Core.Cache[number].First; frame != ObjectCache.None;)
        {
            ref var record = ref cpu.Pages.Table[frame];
            int next = record.Next;
            if (record.Index >= index)
            {
                Remove(cpu, frame);
            }

            frame = next;
        }
    }

    private static void Remove<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        cpu.Core.Cache.Remove(frame);
        cpu.Frames.LeaveCache(frame);
    }
}
