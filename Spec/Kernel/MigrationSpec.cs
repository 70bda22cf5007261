namespace PageProof.Spec.Kernel;

/// <summary>
/// Pages that are moved to other frames, because their process asks for it or since a block of frames is to be free.
/// Nobody can tell: neither a process nor a file, a pipe or a device has other bytes afterwards, no page has become
/// absent, and none takes a fault that it would not have taken. A page that cannot be moved, since a device has pinned
/// it or something else refers to it, stays where it is; one that is locked may move, as it is in memory all the same.
/// Source: Linux, Documentation/mm/page_migration.rst: the virtual addresses that a process sees do not change, and
/// who touches a page meanwhile waits; Documentation/mm/unevictable-lru.rst, Migrating MLOCKED Pages;
/// Documentation/admin-guide/sysctl/vm.rst, compact_memory; move_pages(2), whose status of each page is not told here.
/// </summary>
public static class MigrationSpec
{
    /// <summary>Moves pages, or not.</summary>
    public static KernelOutcome Compact(KernelState state) => KernelOutcome.Done(state);
}
