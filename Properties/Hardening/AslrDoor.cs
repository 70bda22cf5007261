using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>Opens the door of random placement of a system, or says that it has none.</summary>
internal static class AslrDoor
{
    public static IAslr Open(ISystem system) => system.OpenAslr()
        ?? throw new UserError($"The system {system.Name} lays out no address spaces to be checked.");

    /// <summary>The layout of one request.</summary>
    public static AddressSpaceLayout Place(this IAslr door, in LayoutRequest request)
    {
        AddressSpaceLayout layout = default;
        door.Place(new(in request), new(ref layout));
        return layout;
    }
}
