using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>Opens the door of page-table isolation of a system, or says that it has none.</summary>
internal static class KptiDoor
{
    public static IKpti Open(ISystem system) => system.OpenKpti()
        ?? throw new UserError($"The system {system.Name} has no kernel with page-table isolation to be checked.");

    public static KptiCapabilities CapabilitiesOf(ISystem system)
    {
        using var door = Open(system);
        return door.Capabilities;
    }
}
