using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.PageTables;

namespace PageProof.Implementation.Kernel;

/// <summary>Where what a flush has held back goes: nobody reaches it any more by what is cached.</summary>
internal readonly struct HeldPages<TYield>(KernelCpu<TYield> cpu) : IFrameSink
    where TYield : struct, IWait
{
    private readonly KernelCpu<TYield> _cpu = cpu;

    public void ReturnPage(ulong frame, PageSize size) => SwapLeaves.LetGo(_cpu, PhysicalPages.FrameOf(frame));

    public void ReturnTable(ulong frame) => _cpu.Frames.ReturnTable(frame);
}
