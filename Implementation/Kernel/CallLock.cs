using PageProof.Contract.Scheduling;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// The lock of a file, of a pipe or of what a device has pinned: one call at a time. That of a file is taken before
/// that of a pipe, and both before that of a space; who resolves a fault takes none of them.
/// </summary>
internal sealed class CallLock
{
    private const int Nobody = -1;

    private int _holder = Nobody;

    /// <summary>Whether nobody has it.</summary>
    public bool IsFree => _holder == Nobody;

    /// <summary>Takes it for a CPU; false when another has it.</summary>
    public bool TryTake(int cpu)
    {
        bool free = IsFree;
        _holder = free ? cpu : _holder;
        return free;
    }

    /// <summary>Gives it back.</summary>
    public void Release() => _holder = Nobody;
}

/// <summary>What one CPU waits for: the lock of a call, or an interrupt that is to be taken.</summary>
internal sealed class CallWait(SmpCpu cpu) : IReadiness
{
    /// <summary>The lock that it waits for.</summary>
    public CallLock Wanted { get; set; } = new();

    public bool IsReady => Wanted.IsFree || !cpu.Mailbox.IsEmpty;
}

/// <summary>Takes the locks of calls.</summary>
internal static class CallLocks
{
    /// <summary>Takes a lock, and interrupts while it waits for it.</summary>
    public static void Take<TYield>(in KernelCpu<TYield> cpu, CallLock wanted)
        where TYield : struct, IWait
    {
        var wait = cpu.Core.CallWaits[cpu.Self.Number.Value];
        wait.Wanted = wanted;
        do
        {
            Shootdown.Serve(cpu.Self, cpu.Yield);
            cpu.Yield.Until(YieldKind.Lock, wait);
        }
        while (!wanted.TryTake(cpu.Self.Number.Value));
    }
}
