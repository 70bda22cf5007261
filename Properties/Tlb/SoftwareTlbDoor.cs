using PageProof.Contract;
using PageProof.Contract.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>Opens the doors of software-filled TLBs of a system, or says that it has none.</summary>
internal static class SoftwareTlbDoor
{
    public static ISoftwareTlb Machine(ISystem system) => system.OpenSoftwareTlb()
        ?? throw new UserError($"The system {system.Name} has no software-filled TLB, so none can be checked.");

    public static ISoftwareTlbKernel Kernel(ISystem system) => system.OpenSoftwareTlbKernel()
        ?? throw new UserError($"The system {system.Name} has no kernel that fills a TLB, so none can be checked.");
}
