using PageProof.Contract.Frames;
using PageProof.Contract.Hardening;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Reclaim;
using PageProof.Contract.Swap;
using PageProof.Contract.Swap.Compressed;
using PageProof.Contract.Tlb;

namespace PageProof.Contract;

/// <summary>
/// A system under check: our Implementation, a real MMU, recorded facts, or a user's own assembly,
/// which then holds exactly one public class that implements this. A door that the system does not
/// have is null.
/// </summary>
public interface ISystem : IDisposable
{
    /// <summary>The name under which reports show the system.</summary>
    string Name { get; }

    /// <summary>
    /// Opens an instance of the paging door of its own, which shares no state with any other, so that
    /// several can be used at once; null when the system does not translate.
    /// </summary>
    ITranslator? OpenTranslator();

    /// <summary>
    /// Opens a machine of the TLB door of its own; null when the system has no TLBs to show.
    /// </summary>
    ITlbMachine? OpenTlb() => null;

    /// <summary>
    /// Opens the judge of what TLBs may answer; null when the system does not judge others.
    /// </summary>
    ITlbOracle? OpenTlbOracle() => null;

    /// <summary>
    /// Opens an address space of the page-table door of its own; null when the system edits no tables.
    /// </summary>
    IPageTable? OpenPageTable() => null;

    /// <summary>
    /// Opens a processor with a software-filled TLB of its own; null when the system has none.
    /// </summary>
    ISoftwareTlb? OpenSoftwareTlb() => null;

    /// <summary>
    /// Opens a kernel of its own that fills such a TLB; null when the system has none.
    /// </summary>
    ISoftwareTlbKernel? OpenSoftwareTlbKernel() => null;

    /// <summary>
    /// Opens a kernel of the door of page-table isolation of its own; null when the system has none.
    /// </summary>
    IKpti? OpenKpti() => null;

    /// <summary>
    /// Opens what lays out address spaces at random; null when the system does not.
    /// </summary>
    IAslr? OpenAslr() => null;

    /// <summary>
    /// Opens a machine of the door of shootdowns of its own; null when the system has none.
    /// </summary>
    IShootdownMachine? OpenShootdown() => null;

    /// <summary>
    /// Opens a kernel of its own; null when the system has no processes to show.
    /// </summary>
    IKernel? OpenKernel() => null;

    /// <summary>
    /// Opens a kernel of its own whose CPUs work at the same time; null when the system has none.
    /// </summary>
    IScheduledKernel? OpenScheduledKernel() => null;

    /// <summary>
    /// Opens an allocator of the door of frames of its own; null when the system has none.
    /// </summary>
    IFrameAllocator? OpenFrames() => null;

    /// <summary>
    /// Opens a memory of the door of page replacement of its own; null when the system has none.
    /// </summary>
    IReplacementPolicy? OpenPolicies() => null;

    /// <summary>
    /// Opens a compressed store of its own, zswap or zram; null when the system has none.
    /// </summary>
    ICompressedStore? OpenCompressedStore() => null;

    /// <summary>
    /// Opens swap devices of its own, with processes whose pages go there; null when the system has none.
    /// </summary>
    ISwapDevices? OpenSwap() => null;
}
