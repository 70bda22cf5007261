using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>
/// The bytes of objects: read, written, cut off. What was never written takes no memory to read.
/// </summary>
internal static class FileBytes
{
    private const int PageBytes = (int)AddressSpace.PageBytes;
    private const int WordBytes = sizeof(ulong);

    /// <summary>
    /// The sum of the words of a range that lies within the object, each times its multiplier; false when there is
    /// no memory. What is neither in memory nor on the device is zero. Each page is read as soon as it is there, so
    /// that nobody evicts it before.
    /// </summary>
    public static bool TrySum<TYield>(
        in KernelCpu<TYield> cpu, int number, ulong offset, ulong count, out ulong sum)
        where TYield : struct, IWait
    {
        sum = 0;
        var core = cpu.Core;
        for (ulong start = offset & ~(PageBytes - 1UL); start < offset + count; start += PageBytes)
        {
            ulong index = start / PageBytes;
            int frame = core.Cache.Find(number, index);
            if (frame == ObjectCache.None && core.Store.Has(number, index)
                && !ObjectPages.TryGet(cpu, number, index, out frame, out _))
            {
                return false;
            }

            if (frame != ObjectCache.None)
            {
                ulong first = Math.Max(offset, start), end = Math.Min(offset + count, start + PageBytes);
                var bytes = core.Pages.BytesOf(frame)[(int)(first - start)..(int)(end - start)];
                sum += SumOf(bytes, first - offset);
            }
        }

        return true;
    }

    /// <summary>
    /// Writes up to eight bytes; an object that ends before grows. False when there is no memory, and nothing is
    /// changed then.
    /// </summary>
    public static bool TryWrite<TYield>(in KernelCpu<TYield> cpu, int number, ulong offset, int count, ulong value)
        where TYield : struct, IWait
    {
        ulong end = offset + (ulong)count, index = offset / PageBytes, last = (end - 1) / PageBytes;
        int high = 0;
        bool found = ObjectPages.TryGet(cpu, number, index, out int low, out _);
        if (found)
        {
            // Held, so that nobody evicts the first page while the second is brought.
            cpu.Pages.Table.Hold(low);
            found = ObjectPages.TryGet(cpu, number, last, out high, out _);
            cpu.Frames.Release(low);
        }

        if (!found)
        {
            // The first of two pages may lie beyond the end, which stays where it is.
            ObjectPages.RemoveRange(cpu, number, cpu.Core.Cache[number].PageCount, ulong.MaxValue);
            return false;
        }

        if (end > cpu.Core.Cache[number].Length)
        {
            ClearTail(cpu.Core, number, cpu.Core.Cache[number].Length);
            cpu.Core.Cache[number].Length = end;
        }

        Span<byte> bytes = stackalloc byte[WordBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        int at = (int)(offset % PageBytes), here = Math.Min(count, PageBytes - at);
        Write(cpu.Pages, low, at, bytes[..here]);
        Write(cpu.Pages, high, 0, bytes[here..count]);
        return true;
    }

    /// <summary>The rest of the page in which an object ends becomes zero.</summary>
    public static void ClearTail(KernelCore core, int number, ulong end) =>
        Clear(core, number, end / PageBytes, (int)(end % PageBytes), end % PageBytes == 0 ? 0 : PageBytes);

    /// <summary>Bytes of one page become zero: where it is in memory, and otherwise on the device.</summary>
    public static void Clear(KernelCore core, int number, ulong index, int from, int end)
    {
        int frame = core.Cache.Find(number, index);
        if (from >= end)
        {
            return;
        }

        if (frame != ObjectCache.None)
        {
            core.Pages.BytesOf(frame)[from..end].Clear();
            core.Pages.Table[frame].Flags |= FrameFlags.Dirty;
        }
        else if (core.Store.Has(number, index))
        {
            MemoryMarshal.AsBytes(core.Store.WordsOf(number, index))[from..end].Clear();
        }
    }

    private static void Write(PhysicalPages pages, int frame, int at, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
        {
            bytes.CopyTo(pages.BytesOf(frame)[at..]);
            pages.Table[frame].Flags |= FrameFlags.Dirty;
        }
    }

    /// <summary>What bytes add to a sum, in whose range the first of them has this place.</summary>
    public static ulong SumOf(ReadOnlySpan<byte> bytes, ulong place)
    {
        ulong sum = 0;
        int at = 0;
        while (at < bytes.Length)
        {
            ulong position = place + (ulong)at;
            ulong multiplier = 1 + position / WordBytes * KernelAnswer.ChecksumStep;

            // Survivor: byte by byte a word comes to the same.
            if (position % WordBytes == 0 && bytes.Length - at >= WordBytes)
            {
                sum += BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]) * multiplier;
                at += WordBytes;
            }
            else
            {
                sum += ((ulong)bytes[at] << 8 * (int)(position % WordBytes)) * multiplier;
                at++;
            }
        }

        return sum;
    }
}
