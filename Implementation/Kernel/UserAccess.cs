using System.Buffers.Binary;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Reclaim;

namespace PageProof.Implementation.Kernel;

/// <summary>How an access of a program ends.</summary>
internal struct AccessEnd
{
    /// <summary>The signal, if there was one.</summary>
    public MemorySignal Signal;

    /// <summary>The error code that the signal tells.</summary>
    public PageFaultCode Code;

    /// <summary>The address that the signal tells.</summary>
    public ulong Address;

    /// <summary>How often frames were freed for it.</summary>
    public int Evictions;

    /// <summary>How often its instruction began anew.</summary>
    public FaultRetries Retries;

    /// <summary>There was no memory for it, and nothing was loaded or stored.</summary>
    public bool NoMemory;
}

/// <summary>
/// Loads and stores of a program on a CPU, in user mode. Each goes through the TLBs; a page fault goes to the
/// kernel, and the instruction begins anew. Bytes in two pages are stored when both can be.
/// </summary>
internal static class UserAccess
{
    private const int PageBytes = (int)AddressSpace.PageBytes;
    private const int WordBytes = sizeof(ulong);

    // An instruction needs two pages and their tables; where those never fit at once there is too little memory.
    private const int EvictionsMost = 8;

    // From here on Linux tells nobody what is there.
    private const ulong KernelsStart = AddressSpace.UserEnd;

    /// <summary>Loads up to eight bytes; false when it ends otherwise.</summary>
    public static bool TryLoad<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, int count, out ulong value, ref AccessEnd end)
        where TYield : struct, IWait
    {
        value = 0;
        if (!TryReach(cpu, space, address, count, AccessKind.Read, out ulong first, out ulong second, ref end))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[WordBytes];
        bytes.Clear();
        int low = LowPart(address, count);
        BytesAt(cpu.Pages, first, low).CopyTo(bytes);
        if (low < count)
        {
            BytesAt(cpu.Pages, second, count - low).CopyTo(bytes[low..]);
        }

        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return true;
    }

    /// <summary>Stores up to eight bytes; false when it ends otherwise.</summary>
    public static bool TryStore<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong address, int count, ulong value, ref AccessEnd end)
        where TYield : struct, IWait
    {
        if (!TryReach(cpu, space, address, count, AccessKind.Write, out ulong first, out ulong second, ref end))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[WordBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        int low = LowPart(address, count);
        bytes[..low].CopyTo(BytesAt(cpu.Pages, first, low));
        if (low < count)
        {
            bytes[low..count].CopyTo(BytesAt(cpu.Pages, second, count - low));
        }

        return true;
    }

    /// <summary>
    /// Adds the words of a page, each times its multiplier, of which the first is given; false when the page
    /// cannot be read.
    /// </summary>
    public static bool TrySum<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, ulong page, ulong multiplier, ref ulong sum, ref AccessEnd end)
        where TYield : struct, IWait
    {
        ulong added = 0;
        end.Retries = default;
        for (ulong address = page; address - page < PageBytes; address += WordBytes)
        {
            ulong word;
            while (!cpu.Self.Core.Load(cpu.Memory, address, out word))
            {
                if (!TryAgain(cpu, space, cpu.Self.Core.Refusal, address, ref end))
                {
                    return false;
                }
            }

            added += word * multiplier;
            multiplier += KernelAnswer.ChecksumStep;
        }

        sum += added;
        return true;
    }

    // Where the bytes lie in memory: those in the page of the first, and those in the next page.
    private static bool TryReach<TYield>(
        in KernelCpu<TYield> cpu,
        AddressSpace space,
        ulong address,
        int count,
        AccessKind kind,
        out ulong first,
        out ulong second,
        ref AccessEnd end)
        where TYield : struct, IWait
    {
        (first, second) = (0, 0);
        ulong last = address + (ulong)(count - 1), next = AddressSpace.PageStart(last);
        if (!IsCanonical(address) || !IsCanonical(last))
        {
            end.Signal = MemorySignal.NotCanonical;
            return false;
        }

        end.Retries = default;
        while (true)
        {
            var outcome = Translate(cpu, address, kind, out first);
            ulong at = address;
            if (outcome.Kind == OutcomeKind.Translated && next != AddressSpace.PageStart(address))
            {
                outcome = Translate(cpu, next, kind, out second);
                at = next;
            }

            if (outcome.Kind == OutcomeKind.Translated)
            {
                return true;
            }

            if (!TryAgain(cpu, space, outcome, at, ref end))
            {
                return false;
            }
        }
    }

    private static TranslationOutcome Translate<TYield>(
        in KernelCpu<TYield> cpu, ulong address, AccessKind kind, out ulong physical)
        where TYield : struct, IWait
    {
        Access access = new(new(address), kind, PrivilegeLevel.Ring3);
        var outcome = cpu.Self.Core.Access(cpu.Memory, access, cpu.Yield, out _);
        physical = outcome.Address.Value;
        return outcome;
    }

    // Whether the instruction can begin anew after what the processor has refused.
    private static bool TryAgain<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace space, in TranslationOutcome refused, ulong address, ref AccessEnd end)
        where TYield : struct, IWait
    {
        if (refused.Kind != OutcomeKind.PageFault)
        {
            end.Signal = MemorySignal.NotCanonical;
            return false;
        }

        var handled = FaultPath.Handle(cpu, space, address, refused.Code);
        if (handled == FaultEnd.Resolved
            || (handled == FaultEnd.NoMemory && end.Evictions++ < EvictionsMost && PageReclaim.TryMakeRoom(cpu)))
        {
            end.Retries.Add(address);
            return true;
        }

        end.NoMemory = handled == FaultEnd.NoMemory;
        end.Signal = handled switch
        {
            FaultEnd.NoArea => MemorySignal.NoArea,
            FaultEnd.Forbidden => MemorySignal.Forbidden,
            FaultEnd.BeyondFile or FaultEnd.Lost => MemorySignal.BeyondFile,
            _ => MemorySignal.None,
        };
        end.Code = refused.Code | (address >= KernelsStart ? PageFaultCode.Present : PageFaultCode.None);
        end.Address = address;
        return false;
    }

    private static int LowPart(ulong address, int count) => Math.Min(count, PageBytes - (int)(address % PageBytes));

    private static Span<byte> BytesAt(PhysicalPages pages, ulong physical, int count) =>
        pages.BytesOf(PhysicalPages.FrameOf(physical)).Slice((int)(physical % PageBytes), count);

    private static bool IsCanonical(ulong address) => (ulong)((long)(address << 16) >> 16) == address;
}
