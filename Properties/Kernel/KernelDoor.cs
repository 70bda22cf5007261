using PageProof.Contract;
using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>Opens the kernel of a system, or says that it has none.</summary>
internal static class KernelDoor
{
    public static IKernel Open(ISystem system) => system.OpenKernel()
        ?? throw new UserError($"The system {system.Name} has no kernel, so no processes can be run on it.");

    public static KernelCapabilities CapabilitiesOf(ISystem system)
    {
        using var kernel = Open(system);
        return kernel.Capabilities;
    }
}
