using PageProof.Contract;
using PageProof.Contract.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>Opens the TLB door of a system, or says that it has none.</summary>
internal static class TlbDoor
{
    public static ITlbMachine Machine(ISystem system) => system.OpenTlb()
        ?? throw new UserError($"The system {system.Name} has no TLB door, so its TLBs cannot be checked.");

    public static TlbCapabilities CapabilitiesOf(ISystem system)
    {
        using var machine = Machine(system);
        return machine.Capabilities;
    }
}
