using PageProof.Contract;
using PageProof.Contract.Frames;
using PageProof.Contract.Hardening;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Reclaim;
using PageProof.Contract.Swap;
using PageProof.Contract.Swap.Compressed;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Frames;
using PageProof.Implementation.Hardening;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageTables;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Reclaim;
using PageProof.Implementation.Swap;
using PageProof.Implementation.Swap.Compressed;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation;

/// <summary>Our Implementation, as the laws see it.</summary>
public sealed class ImplementationSystem : ISystem
{
    public string Name => "implementation";

    public ITranslator? OpenTranslator() => new PagingTranslator();

    public ITlbMachine? OpenTlb() => new TlbMachine(new());

    public IPageTable? OpenPageTable() => new PageTableMachine();

    public IKpti? OpenKpti() => new KptiMachine();

    public IAslr? OpenAslr() => new AslrMachine();

    public ISoftwareTlb? OpenSoftwareTlb() => new SoftwareTlbMachine();

    public ISoftwareTlbKernel? OpenSoftwareTlbKernel() => new SoftwareTlbKernelMachine();

    // Small arrays, since audits look at all that they hold.
    public IShootdownMachine? OpenShootdown() =>
        new ShootdownMachine(new() { FrontSlots = 8, Second = new(8, 4) });

    // The same: what is evicted is filled again, and audits are quicker.
    public IKernel? OpenKernel() => new KernelMachine(new() { FrontSlots = 16, Second = new(8, 4) });

    public IScheduledKernel? OpenScheduledKernel() =>
        new ScheduledKernel(new() { FrontSlots = 16, Second = new(8, 4) });

    public IFrameAllocator? OpenFrames() => new FrameMachine();

    public IReplacementPolicy? OpenPolicies() => new PolicyMachine();

    public ICompressedStore? OpenCompressedStore() => new CompressedStoreMachine();

    public ISwapDevices? OpenSwap() => new SwapMachine();

    public void Dispose()
    {
    }
}
