using System.Buffers.Binary;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.PageCache;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// The calls on pipes. What is written is copied into frames of the pipe's own; pages of files and processes are held
/// where they are. A call for which there is too little memory changes nothing.
/// </summary>
internal static class PipeCalls
{
    private const int PageBytes = (int)AddressSpace.PageBytes;

    /// <summary>Writes a value and then zeros, as far as there is room.</summary>
    public static CallEnd Write<TYield>(in KernelCpu<TYield> cpu, Pipe pipe, int length, ulong value)
        where TYield : struct, IWait
    {
        int had = pipe.Count, odd = length % PageBytes;
        bool appends = odd > 0 && had > 0 && pipe[had - 1].TakesMore && pipe[had - 1].End + odd <= PageBytes;
        int first = appends ? odd : 0, written = first;
        while (written < length && !pipe.IsFull)
        {
            if (!cpu.TryTake(FrameKind.Kernel, out int frame))
            {
                Undo(cpu, pipe, had);
                return CallEnd.Failed(Errno.ENOMEM);
            }

            ref var slot = ref pipe.Add();
            slot.Frame = frame;
            slot.Start = 0;
            slot.Length = Math.Min(length - written, PageBytes);
            slot.TakesMore = true;
            Fill(cpu.Pages.BytesOf(frame)[..slot.Length], value, written);
            written += slot.Length;
        }

        if (appends)
        {
            ref var last = ref pipe[had - 1];
            Fill(cpu.Pages.BytesOf(last.Frame).Slice(last.End, odd), value, 0);
            last.Length += odd;
        }

        return written == 0 && length > 0 ? CallEnd.Failed(Errno.EAGAIN) : CallEnd.Done(0, (ulong)written);
    }

    /// <summary>Reads what is there, and tells the sum.</summary>
    public static CallEnd Read<TYield>(in KernelCpu<TYield> cpu, Pipe pipe, ulong length)
        where TYield : struct, IWait
    {
        if (length > 0 && pipe.Count == 0)
        {
            return CallEnd.Failed(Errno.EAGAIN);
        }

        ulong sum = 0, read = 0;
        while (read < length && pipe.Count > 0)
        {
            ref var buffer = ref pipe[0];
            int count = (int)Math.Min((ulong)buffer.Length, length - read);
            sum += FileBytes.SumOf(cpu.Pages.BytesOf(buffer.Frame).Slice(buffer.Start, count), read);
            read += (ulong)count;
            buffer.Start += count;
            buffer.Length -= count;
            if (buffer.Length == 0)
            {
                int frame = buffer.Frame;
                pipe.RemoveFirst();
                LetGo(cpu, frame);
            }
        }

        return CallEnd.Done(sum, read);
    }

    /// <summary>Puts bytes of a file into a pipe: its pages in the cache.</summary>
    public static CallEnd Splice<TYield>(
        in KernelCpu<TYield> cpu, int file, ulong offset, ulong length, Pipe pipe)
        where TYield : struct, IWait
    {
        var cache = cpu.Core.Cache;
        if (length == 0)
        {
            return CallEnd.Done();
        }

        if (file >= cache.Files || (cache[file].Rights & FileRights.Read) == 0)
        {
            return CallEnd.Failed(Errno.EBADF);
        }

        if ((long)offset < 0 || (long)(offset + length) < 0)
        {
            return CallEnd.Failed(Errno.EINVAL);
        }

        if (pipe.IsFull)
        {
            return CallEnd.Failed(Errno.EAGAIN);
        }

        int had = pipe.Count;
        ulong end = Math.Min(offset + length, cache[file].Length), at = offset;
        while (at < end && !pipe.IsFull)
        {
            if (!ObjectPages.TryGet(cpu, file, at >> AddressSpace.PageBits, out int frame, out _)
                || !TryAdd(cpu, pipe, frame, at, end))
            {
                Undo(cpu, pipe, had);
                return CallEnd.Failed(Errno.ENOMEM);
            }

            at += (ulong)pipe[pipe.Count - 1].Length;
        }

        return CallEnd.Done(0, at - offset);
    }

    /// <summary>Puts bytes of a process into a pipe: the frames that its entries lead to.</summary>
    public static CallEnd VmSplice<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong length, Pipe pipe)
        where TYield : struct, IWait
    {
        ulong end = start + length;
        if (end < start || end > AddressSpace.UserEnd)
        {
            return CallEnd.Failed(Errno.EFAULT);
        }

        if (length == 0 || pipe.IsFull)
        {
            return length == 0 ? CallEnd.Done() : CallEnd.Failed(Errno.EAGAIN);
        }

        int had = pipe.Count;
        FaultRetries retries = default;
        var reached = AddAll(cpu, space, start, end, pipe);
        while (reached == FaultEnd.Migrating)
        {
            // Areas may be others when the page has come to where it is to be, so all begins anew.
            Undo(cpu, pipe, had);
            retries.Add(start);
            cpu.AwaitMigration();
            reached = AddAll(cpu, space, start, end, pipe);
        }

        if (reached == FaultEnd.NoMemory)
        {
            Undo(cpu, pipe, had);
            return CallEnd.Failed(Errno.ENOMEM);
        }

        ulong added = 0;
        for (int place = had; place < pipe.Count; place++)
        {
            added += (ulong)pipe[place].Length;
        }

        return added == 0 ? CallEnd.Failed(Errno.EFAULT) : CallEnd.Done(0, added);
    }

    // The pages of a range, up to the first that cannot be had.
    private static FaultEnd AddAll<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end, Pipe pipe)
        where TYield : struct, IWait
    {
        ulong at = start;
        var reached = FaultEnd.Resolved;
        cpu.Lock(space);
        while (at < end)
        {
            reached = UserPages.TakeForReading(cpu, space, AddressSpace.PageStart(at), out int frame);
            if (reached != FaultEnd.Resolved)
            {
                break;
            }

            // Pages are touched also when there is no room for them.
            ulong next = Math.Min(AddressSpace.PageStart(at) + AddressSpace.PageBytes, end);
            if (!pipe.IsFull && !TryAdd(cpu, pipe, frame, at, end))
            {
                reached = FaultEnd.NoMemory;
                break;
            }

            at = next;
        }

        cpu.Flush(space);
        cpu.Unlock(space);
        return reached;
    }

    /// <summary>Gives up all that a pipe has.</summary>
    public static void Empty<TYield>(in KernelCpu<TYield> cpu, Pipe pipe)
        where TYield : struct, IWait => Undo(cpu, pipe, 0);

    // The bytes from an address on that lie in its page, as far as an end.
    private static bool TryAdd<TYield>(in KernelCpu<TYield> cpu, Pipe pipe, int frame, ulong at, ulong end)
        where TYield : struct, IWait
    {
        if (cpu.Pages.Table.Hold(frame) != FrameOutcome.Done)
        {
            return false;
        }

        Tell(cpu, SharingNoteKind.Hold, frame);
        ref var slot = ref pipe.Add();
        slot.Frame = frame;
        slot.Start = (int)(at % AddressSpace.PageBytes);
        slot.Length = (int)Math.Min((ulong)(PageBytes - slot.Start), end - at);
        slot.TakesMore = false;
        return true;
    }

    private static void LetGo<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        Tell(cpu, SharingNoteKind.Release, frame);
        SwapLeaves.LetGo(cpu, frame);
    }

    // References to the zeros are not counted, and what a pipe has of its own is nobody else's.
    private static void Tell<TYield>(in KernelCpu<TYield> cpu, SharingNoteKind kind, int frame)
        where TYield : struct, IWait
    {
        if (cpu.Pages.Table[frame].Kind is FrameKind.Anonymous or FrameKind.File)
        {
            cpu.Core.Watch?.Tell(kind, frame);
        }
    }

    private static void Undo<TYield>(in KernelCpu<TYield> cpu, Pipe pipe, int count)
        where TYield : struct, IWait
    {
        while (pipe.Count > count)
        {
            int frame = pipe[pipe.Count - 1].Frame;
            pipe.RemoveLast();
            LetGo(cpu, frame);
        }
    }

    // Some bytes of what is written, from one of them on: a value, and zeros.
    private static void Fill(Span<byte> target, ulong value, int from)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        target.Clear();
        int first = Math.Min(from, bytes.Length);
        bytes[first..Math.Min(bytes.Length, first + target.Length)].CopyTo(target);
    }
}
