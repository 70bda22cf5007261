using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// The memory of one process: its areas, its tables, and what was counted of its faults. Used again for the
/// next process of the same number, but never the tables and who may hold them.
/// </summary>
internal sealed class AddressSpace(int number)
{
    /// <summary>The address after the last that a process can have: 47 bits, less one page.</summary>
    public const ulong UserEnd = (1UL << 47) - PageBytes;

    public const ulong PageBytes = 4096;
    public const int PageBits = 12;

    /// <summary>The number under which frames know whose a mapping is.</summary>
    public int Number { get; } = number;

    /// <summary>The tables, and the CPUs that may have something of them; null while there is no process.</summary>
    public SharedSpace? Shared { get; private set; }

    public AreaTree Areas { get; } = new();

    /// <summary>The lock under which areas are changed, or stay as they are.</summary>
    public MmapLock Lock;

    /// <summary>Whether somebody has the lock under which entries of the tables are changed.</summary>
    public bool TablesLocked { get; set; }

    /// <summary>The CPUs that are at work for its process, a bit each.</summary>
    public uint Users { get; set; }

    /// <summary>Whether a process is there, or is not: it neither begins nor ends, nor gets another image.</summary>
    public bool IsSettled { get; set; } = true;

    /// <summary>The area of the last fault that had to search with the lock.</summary>
    public AreaNote LastFault { get; set; }

    /// <summary>What the last mapping that succeeded gave.</summary>
    public ulong LastMapped { get; set; }

    /// <summary>Where the heap begins: the lowest break.</summary>
    public ulong Heap { get; set; }

    /// <summary>Where the heap ends, to the byte.</summary>
    public ulong Break { get; set; }

    /// <summary>Faults for which no device was asked.</summary>
    public long MinorFaults { get; set; }

    /// <summary>Faults for which a device was asked.</summary>
    public long MajorFaults { get; set; }

    /// <summary>How many of its entries say that a slot has the page.</summary>
    public int Swapped { get; set; }

    /// <summary>How many of its entries say that the page is on its way to another frame.</summary>
    public int Migrating { get; set; }

    /// <summary>Where the top table lies.</summary>
    public PhysicalAddress Top => Shared!.Top;

    /// <summary>A process begins with nothing but a top table.</summary>
    public void Begin(ulong top, ulong lastMapped)
    {
        Shared = new(new SpaceNumber((byte)Number), new(top));
        Areas.Clear();
        (LastFault, LastMapped, MinorFaults, MajorFaults, Swapped) = (default, lastMapped, 0, 0, 0);
        Migrating = 0;
    }

    /// <summary>Nobody has a lock of it, or is at work for it.</summary>
    public void Reset()
    {
        End();
        (Lock, TablesLocked, Users, IsSettled, Swapped, Migrating) = (default, false, 0, true, 0, 0);
    }

    /// <summary>The process is gone.</summary>
    public void End()
    {
        Shared = null;
        Areas.Clear();
    }

    /// <summary>The area of an address; 0 when nothing is mapped there.</summary>
    public int AreaAt(ulong address)
    {
        int found = Areas.FirstEndingAbove(address);
        return found != 0 && Areas[found].Start <= address ? found : 0;
    }

    /// <summary>The first address of a range that is not mapped; its end when all are.</summary>
    public ulong CoveredUpTo(ulong start, ulong end)
    {
        ulong reached = start;
        for (int node = Areas.FirstEndingAbove(start); node != 0 && Areas[node].Start <= reached && reached < end;
            node = Areas.NextOf(node))
        {
            reached = Math.Min(Areas[node].End, end);
        }

        return reached;
    }

    /// <summary>Whether nothing is mapped in a range.</summary>
    public bool IsFree(ulong start, ulong end)
    {
        int above = Areas.FirstEndingAbove(start);
        return above == 0 || Areas[above].Start >= end;
    }

    /// <summary>Whether areas are in order and none has an address of another.</summary>
    public bool AreApart()
    {
        ulong end = 0;
        bool apart = true;
        for (int node = Areas.First; node != 0 && apart; node = Areas.NextOf(node))
        {
            apart = Areas[node].Start >= end && Areas[node].End > Areas[node].Start;
            end = Areas[node].End;
        }

        return apart;
    }

    /// <summary>Whether others than a CPU are at work for its process.</summary>
    public bool IsUsedBesides(uint self) => (Users & ~self) != 0;

    /// <summary>The start of the page of an address.</summary>
    public static ulong PageStart(ulong address) => address & ~(PageBytes - 1);

    /// <summary>A length in whole pages; one that is too large comes to 0.</summary>
    public static ulong PageAlign(ulong length) => PageStart(length + (PageBytes - 1));
}
