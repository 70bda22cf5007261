using PageProof.Contract;
using PageProof.Contract.Swap.Compressed;

namespace PageProof.Properties.Swap.Compressed;

/// <summary>Opens the door of compressed stores of a system, or says that it has none.</summary>
internal static class CompressedDoor
{
    public static ICompressedStore Open(ISystem system) => system.OpenCompressedStore()
        ?? throw new UserError($"The system {system.Name} has no compressed store to be checked.");

    /// <exception cref="UserError">There is no store, or nothing to compress with.</exception>
    public static CompressedCapabilities CapabilitiesOf(ISystem system)
    {
        using var door = Open(system);
        return door.Capabilities is { Lz4: false, Zstd: false }
            ? throw new UserError($"The system {system.Name} has neither LZ4 nor Zstandard to compress pages with.")
            : door.Capabilities;
    }
}
