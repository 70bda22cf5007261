using PageProof.Contract;
using PageProof.Contract.Swap;

namespace PageProof.Properties.Swap;

/// <summary>Opens the door of swap devices of a system, or says that it has none.</summary>
internal static class SwapDoor
{
    public static ISwapDevices Open(ISystem system) => system.OpenSwap()
        ?? throw new UserError($"The system {system.Name} has no swap devices to be checked.");

    public static SwapCapabilities CapabilitiesOf(ISystem system)
    {
        using var door = Open(system);
        return door.Capabilities;
    }
}
