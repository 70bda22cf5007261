using PageProof.Contract;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// An address space that several CPUs may run: its tables, who edits them, who is to be interrupted when they
/// change, and how many shootdowns there were.
/// </summary>
internal sealed class SharedSpace(SpaceNumber number, PhysicalAddress top)
{
    private const int Nobody = -1;

    /// <summary>Its number.</summary>
    public SpaceNumber Number { get; } = number;

    /// <summary>Its top table.</summary>
    public PhysicalAddress Top { get; } = top;

    /// <summary>The CPUs that have it loaded, or are about to, a bit each.</summary>
    public uint Mask { get; set; }

    /// <summary>How many shootdowns there were.</summary>
    public ulong Generation { get; set; }

    /// <summary>The CPU that holds the lock under which tables are edited, or -1.</summary>
    public int Holder { get; private set; } = Nobody;

    /// <summary>Takes the lock; false when somebody has it.</summary>
    public bool TryLock(CpuNumber cpu)
    {
        if (Holder != Nobody)
        {
            return false;
        }

        Holder = cpu.Value;
        return true;
    }

    /// <summary>Gives the lock back.</summary>
    public void Unlock() => Holder = Nobody;
}
