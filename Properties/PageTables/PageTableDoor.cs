using PageProof.Contract;
using PageProof.Contract.PageTables;

namespace PageProof.Properties.PageTables;

/// <summary>Opens the page-table door of a system, or says that it has none.</summary>
internal static class PageTableDoor
{
    public static IPageTable Open(ISystem system) => system.OpenPageTable()
        ?? throw new UserError($"The system {system.Name} has no page-table door, so its edits cannot be checked.");

    public static PageTableCapabilities CapabilitiesOf(ISystem system)
    {
        using var door = Open(system);
        return door.Capabilities;
    }
}
