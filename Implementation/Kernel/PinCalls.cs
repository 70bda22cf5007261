using System.Buffers.Binary;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// What devices do: they pin frames of a process, and reach them without its tables and without the caches of these.
/// A pin that fails leaves none behind.
/// </summary>
internal static class PinCalls
{
    private const int PageBytes = (int)AddressSpace.PageBytes;

    /// <summary>Pins the frames of a range, all or none.</summary>
    public static CallEnd Pin<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong length, PinFlags flags, PinSlot slot)
        where TYield : struct, IWait
    {
        if (slot.Count > 0)
        {
            return CallEnd.Failed(Errno.EBUSY);
        }

        // A page more than there is must not overflow.
        ulong end = start + length, first = AddressSpace.PageStart(start);
        bool overflows = length > 0 && end + AddressSpace.PageBytes < start;
        if (length == 0 || overflows || end > AddressSpace.UserEnd)
        {
            return CallEnd.Failed(overflows ? Errno.EOVERFLOW : Errno.EFAULT);
        }

        FaultRetries retries = default;
        var reached = PinAll(cpu, space, first, end, flags, slot);
        while (reached == FaultEnd.Migrating)
        {
            // Areas may be others when the page has come to where it is to be, so all begins anew.
            Release(cpu, slot);
            retries.Add(first);
            cpu.AwaitMigration();
            reached = PinAll(cpu, space, first, end, flags, slot);
        }

        if (reached != FaultEnd.Resolved)
        {
            Release(cpu, slot);
            return CallEnd.Failed(reached == FaultEnd.NoMemory ? Errno.ENOMEM : Errno.EFAULT);
        }

        slot.Describe((int)(start - first), length, (flags & PinFlags.Write) != 0);
        return CallEnd.Done();
    }

    /// <summary>Gives a pin up.</summary>
    public static CallEnd Unpin<TYield>(in KernelCpu<TYield> cpu, PinSlot slot)
        where TYield : struct, IWait
    {
        if (slot.Count == 0)
        {
            return CallEnd.Failed(Errno.ENXIO);
        }

        Release(cpu, slot);
        return CallEnd.Done();
    }

    /// <summary>Reads up to eight bytes.</summary>
    public static CallEnd Load<TYield>(in KernelCpu<TYield> cpu, PinSlot slot, ulong offset, ulong length)
        where TYield : struct, IWait
    {
        if (RefusalOf(slot, offset, length) is var refusal && refusal != Errno.None)
        {
            return CallEnd.Failed(refusal);
        }

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        for (int place = 0; place < (int)length;)
        {
            var part = PartOf(cpu.Pages, slot, offset, (int)length, place, out _);
            part.CopyTo(bytes[place..]);
            place += part.Length;
        }

        return CallEnd.Done(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
    }

    /// <summary>Writes up to eight bytes.</summary>
    public static CallEnd Store<TYield>(
        in KernelCpu<TYield> cpu, PinSlot slot, ulong offset, ulong length, ulong value)
        where TYield : struct, IWait
    {
        if (RefusalOf(slot, offset, length) is var refusal && refusal != Errno.None)
        {
            return CallEnd.Failed(refusal);
        }

        if (!slot.Writes)
        {
            return CallEnd.Failed(Errno.EACCES);
        }

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        for (int place = 0; place < (int)length;)
        {
            var part = PartOf(cpu.Pages, slot, offset, (int)length, place, out int frame);
            bytes.Slice(place, part.Length).CopyTo(part);
            NoteWrite(cpu, frame);
            place += part.Length;
        }

        return CallEnd.Done();
    }

    /// <summary>Gives up whatever a slot has.</summary>
    public static void Release<TYield>(in KernelCpu<TYield> cpu, PinSlot slot)
        where TYield : struct, IWait
    {
        foreach (int frame in slot.Frames)
        {
            Tell(cpu, SharingNoteKind.Unpin, frame);
            SwapLeaves.Unpin(cpu, frame);
        }

        slot.Clear();
    }

    private static FaultEnd PinAll<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong first, ulong end, PinFlags flags, PinSlot slot)
        where TYield : struct, IWait
    {
        var reached = FaultEnd.Resolved;
        cpu.Lock(space);
        for (ulong page = first; page < end && reached == FaultEnd.Resolved; page += AddressSpace.PageBytes)
        {
            reached = UserPages.TakeToPin(cpu, space, page, flags, out int frame);
            if (reached == FaultEnd.Resolved && !TryPin(cpu, slot, frame))
            {
                reached = FaultEnd.NoMemory;
            }
        }

        cpu.Unlock(space);
        return reached;
    }

    private static bool TryPin<TYield>(in KernelCpu<TYield> cpu, PinSlot slot, int frame)
        where TYield : struct, IWait
    {
        if (cpu.Pages.Table.Pin(frame) != FrameOutcome.Done)
        {
            return false;
        }

        Tell(cpu, SharingNoteKind.Pin, frame);
        slot.Add(frame);
        return true;
    }

    // No entry gets D of it.
    private static void NoteWrite<TYield>(in KernelCpu<TYield> cpu, int frame)
        where TYield : struct, IWait
    {
        cpu.Pages.Table[frame].Flags |= FrameFlags.Dirty;
        Tell(cpu, SharingNoteKind.DeviceWrite, frame);
    }

    private static Errno RefusalOf(PinSlot slot, ulong offset, ulong length) =>
        slot.Count == 0 || offset > slot.Length || length > slot.Length - offset ? Errno.EFAULT : Errno.None;

    // The bytes of an access from one of them on that lie in its page.
    private static Span<byte> PartOf(
        PhysicalPages pages, PinSlot slot, ulong offset, int length, int place, out int frame)
    {
        int from = slot.Start + (int)offset + place, at = from % PageBytes;
        frame = slot.Frames[from / PageBytes];
        return pages.BytesOf(frame).Slice(at, Math.Min(length - place, PageBytes - at));
    }

    // Pins of the zeros are not counted.
    private static void Tell<TYield>(in KernelCpu<TYield> cpu, SharingNoteKind kind, int frame)
        where TYield : struct, IWait
    {
        if (frame != PhysicalPages.ZeroFrame)
        {
            cpu.Core.Watch?.Tell(kind, frame);
        }
    }
}
