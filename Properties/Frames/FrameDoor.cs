using PageProof.Contract;
using PageProof.Contract.Frames;

namespace PageProof.Properties.Frames;

/// <summary>Opens the door of frames of a system, or says that it has none.</summary>
internal static class FrameDoor
{
    public static IFrameAllocator Open(ISystem system) => system.OpenFrames()
        ?? throw new UserError($"The system {system.Name} has no frames to be checked.");

    public static FrameCapabilities CapabilitiesOf(ISystem system)
    {
        using var door = Open(system);
        return door.Capabilities;
    }
}
