using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// What a process sees. Memory is a function from an address to a byte: of the process's own copy of the page
/// when it has one, otherwise of the object that lies behind, or zero when none does. A store to a shared area
/// changes the object, and so what everybody sees; any other changes the copy, and so what this process sees.
/// Nothing else does.
/// Source: mmap(2), MAP_SHARED and MAP_PRIVATE; fork(2).
/// </summary>
public static class ProcessViewSpec
{
    /// <summary>The bytes of a page, whether or not the process may read them.</summary>
    public static PageContent PageAt(KernelState state, ProcessState process, in Area area, ulong page) =>
        !area.Shared && process.PageAt(page) is { IsCopy: true } copy ? copy.Content
        : area.IsPrivateAnonymous ? PageContent.Zero
        : FileSpec.PageOf(state.Objects[area.Object], area.ObjectPageAt(page));

    /// <summary>The bytes of the page of an address; nothing where nothing is mapped.</summary>
    public static PageContent? PageAt(KernelState state, ProcessState process, ulong address) =>
        AddressSpaceSpec.AreaAt(process, address) is { } area
            ? PageAt(state, process, area, AddressSpaceSpec.PageStart(address))
            : null;

    /// <summary>The state with other bytes in a page that the process has touched for a store.</summary>
    public static KernelState Store(
        KernelState state, ProcessNumber number, ulong address, int count, ulong value)
    {
        var process = state.Processes[number.Value]!;
        Area area = AddressSpaceSpec.AreaAt(process, address)!.Value;
        ulong page = AddressSpaceSpec.PageStart(address), index = area.ObjectPageAt(page);
        var stored = PageAt(state, process, area, page).Store((int)(address - page), count, value);
        return area.Shared
            ? state.With(area.Object, FileSpec.WithPage(state.Objects[area.Object], index, stored))
            : state.With(number, process.With(new PrivatePage(page, PageStates.Own, stored)
            {
                Loan = process.PageAt(page) is { } known ? known.Loan : 0,
            }));
    }
}
