using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// What a process sees. Memory is a function from an address to a byte: of the process's own copy of the page
/// when it has one, otherwise of the object that lies behind, or zero when none does. A store to a shared area
/// changes the object, and so what everybody sees; any other changes the copy, and so what this process sees.
/// Nothing else does.
/// Of a page that was freed by advice it is open whether a store found its bytes or zeros, until a load tells.
/// Source: mmap(2), MAP_SHARED and MAP_PRIVATE; fork(2); madvise(2), MADV_FREE.
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
        int at = (int)(address - page);
        var stored = PageAt(state, process, area, page).Store(at, count, value);
        PrivatePage known = process.PageAt(page) ?? default;
        return area.Shared
            ? state.With(area.Object, FileSpec.WithPage(state.Objects[area.Object], index, stored))
            : state.With(number, process.With(new PrivatePage(page, PageStates.Own, stored)
            {
                Loan = known.Loan,
                Others = [.. OpenSpec.Instead(state, known).Select(other => other.Store(at, count, value))],
            }));
    }

    /// <summary>The state after bytes of one page were read: what they are not the page is not.</summary>
    public static KernelState Read(KernelState state, ProcessNumber number, ulong address, int count)
    {
        var process = state.Processes[number.Value]!;
        ulong page = AddressSpaceSpec.PageStart(address);
        if (AddressSpaceSpec.AreaAt(process, address) is not { Shared: false }
            || process.PageAt(page) is not { Others.IsEmpty: false } known)
        {
            return state;
        }

        int from = (int)(address - page), end = from + count;
        ulong read = known.Content.Sum(from, end, 0);
        return state.With(number, process.With(known with
        {
            Others = known.Others.RemoveAll(other => other.Sum(from, end, 0) != read),
        }));
    }
}
