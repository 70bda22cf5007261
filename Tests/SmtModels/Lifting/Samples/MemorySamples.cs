using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Tests.SmtModels.Lifting.Samples;

/// <summary>Reads and marks in the memory of the machine.</summary>
public static class MemorySamples
{
    public static ulong Followed<TMemory>(PhysicalAddress address, TMemory memory)
        where TMemory : struct, IPhysicalMemory
    {
        ulong sum = 0;
        for (int step = 0; step < 4; step++)
        {
            if (!memory.Contains(address))
            {
                return ~sum;
            }

            var entry = memory.Read(address);
            sum += entry.Value;
            address = new(entry.Value & 0xF8);
        }

        return sum;
    }

    public static PagingEntry Marked<TMemory>(PhysicalAddress one, PhysicalAddress other, EntryBit bits, TMemory memory)
        where TMemory : struct, IMarkableMemory
    {
        memory.Or(one, EntryBit.Accessed | bits);
        if ((memory.Read(other).Value & 4) != 0)
        {
            memory.Or(other, EntryBit.Dirty);
        }
        else
        {
            memory.Or(new(other.Value ^ 8), bits);
        }

        return memory.Read(one);
    }

    public static bool ByReference<TMemory>(in PhysicalAddress address, in TMemory memory, out PagingEntry entry)
        where TMemory : struct, IPhysicalMemory, allows ref struct
    {
        entry = default;
        if (memory.Contains(address))
        {
            entry = memory.Read(address);
            return true;
        }

        return false;
    }

    public static ulong Looped<TMemory>(byte count, TMemory memory)
        where TMemory : struct, IMarkableMemory
    {
        ulong found = 0;
        for (ulong place = 0; place < (count & 7u); place++)
        {
            memory.Or(new(place * 8), EntryBit.Accessed);
            found ^= memory.Read(new((place ^ 1) * 8)).Value;
        }

        return found;
    }
}
