using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Spec.PageTables;

/// <summary>
/// What commands do to a map from pages to where they lead. The tables are to say the same.
/// Source: Intel SDM vol. 3A, 4.5.5, 4.6 and 4.8, for what a page says and what an access leaves in it.
/// </summary>
public static class EditSpec
{
    /// <summary>The pages after an edit that was carried out.</summary>
    public static ImmutableArray<MappedPage> Next(ImmutableArray<MappedPage> pages, PageTableCommand command) =>
        command.Kind switch
        {
            PageTableCommandKind.Map => With(pages, NewPages(command.Range, command.Mapping)),
            PageTableCommandKind.Unmap => pages.RemoveAll(page => Overlaps(command.Range, page)),
            PageTableCommandKind.Move => With(
                pages.RemoveAll(page => Overlaps(command.Range, page)),
                Within(pages, command.Range).Select(page => Moved(page, command))),
            PageTableCommandKind.Protect =>
                Each(pages, command.Range, mapping => mapping with { Rights = command.Rights }),
            PageTableCommandKind.Clean => Each(pages, command.Range, mapping => mapping with { Dirty = false }),
            PageTableCommandKind.Age => Each(pages, command.Range, mapping => mapping with { Accessed = false }),
            _ => pages,
        };

    /// <summary>The pages that an edit tells: those that had the mark which it clears.</summary>
    public static IEnumerable<MappedPage> Told(ImmutableArray<MappedPage> pages, PageTableCommand command) =>
        command.Kind switch
        {
            PageTableCommandKind.Clean => Within(pages, command.Range).Where(page => page.Mapping.Dirty),
            PageTableCommandKind.Age => Within(pages, command.Range).Where(page => page.Mapping.Accessed),
            _ => [],
        };

    /// <summary>How an access ends (4.6, 4.7).</summary>
    public static TranslationOutcome Walk(
        in ControlState control, ImmutableArray<MappedPage> pages, in Access access)
    {
        if (!CanonicalSpec.IsCanonical(access.Address, EntryFormat.LevelsOf(control)))
        {
            return CanonicalSpec.NotCanonical(access);
        }

        if (At(pages, access.Address) is not { } page)
        {
            return Fault(control, access, PageFaultCode.None);
        }

        PageMapping mapping = page.Mapping;
        if (!PermissionSpec.KeyPermits(control, access, mapping.Rights, mapping.Key))
        {
            return Fault(control, access, PageFaultCode.Present | PageFaultCode.ProtectionKey);
        }

        return !PermissionSpec.Permits(control, access, mapping.Rights)
            ? Fault(control, access, PageFaultCode.Present)
            : TranslationOutcome.Translated(
                new(mapping.Frame.Value + (access.Address.Value - page.Page.Value)),
                mapping.Size,
                mapping.Rights,
                mapping.Global && EntryFormat.Has(control, Cr4.PageGlobalEnable),
                mapping.Dirty || PermissionSpec.IsWrite(access.Kind),
                EntryFormat.Has(control, Cr4.ProtectionKeys) ? mapping.Key : default,
                (MemoryType)(control.Pat.Value >> 8 * mapping.Caching & 7));
    }

    /// <summary>
    /// The pages after an access: its page has A when it was translated, and D when it was written (4.8).
    /// </summary>
    public static ImmutableArray<MappedPage> Accessed(
        ImmutableArray<MappedPage> pages, Access access, in TranslationOutcome outcome)
    {
        if (outcome.Kind != OutcomeKind.Translated || At(pages, access.Address) is not { } page)
        {
            return pages;
        }

        bool dirty = page.Mapping.Dirty || PermissionSpec.IsWrite(access.Kind);
        return pages.Replace(page, page with { Mapping = page.Mapping with { Accessed = true, Dirty = dirty } });
    }

    /// <summary>The page of an address; null when nothing is mapped there.</summary>
    public static MappedPage? At(ImmutableArray<MappedPage> pages, LinearAddress address)
    {
        foreach (var page in pages)
        {
            if (address.Value >= page.Page.Value && address.Value <= LastOf(page))
            {
                return page;
            }
        }

        return null;
    }

    /// <summary>The pages that have an address in a range.</summary>
    public static IEnumerable<MappedPage> Within(ImmutableArray<MappedPage> pages, PageRange range) =>
        pages.Where(page => Overlaps(range, page));

    /// <summary>The last address of a page.</summary>
    public static ulong LastOf(in MappedPage page) => page.Page.Value + ((1UL << (int)page.Mapping.Size) - 1);

    /// <summary>Where a page comes to lie.</summary>
    public static MappedPage Moved(in MappedPage page, in PageTableCommand command) =>
        page with { Page = new(page.Page.Value + (command.Target.Value - command.Range.Start.Value)) };

    private static bool Overlaps(PageRange range, in MappedPage page) =>
        page.Page.Value <= range.Last.Value && LastOf(page) >= range.Start.Value;

    private static IEnumerable<MappedPage> NewPages(PageRange range, PageMapping first)
    {
        ulong size = 1UL << (int)first.Size;
        for (ulong offset = 0; offset < range.Length.Value; offset += size)
        {
            PhysicalAddress frame = new(first.Frame.Value + offset);
            yield return new(new(range.Start.Value + offset), first with { Frame = frame });
        }
    }

    private static ImmutableArray<MappedPage> Each(
        ImmutableArray<MappedPage> pages, PageRange range, Func<PageMapping, PageMapping> change) =>
        [.. pages.Select(page => Overlaps(range, page) ? page with { Mapping = change(page.Mapping) } : page)];

    private static ImmutableArray<MappedPage> With(
        ImmutableArray<MappedPage> pages, IEnumerable<MappedPage> added) =>
        pages.AddRange(added).Sort(FlushSpec.ByAddress);

    private static TranslationOutcome Fault(in ControlState control, in Access access, PageFaultCode cause) =>
        TranslationOutcome.PageFault(PermissionSpec.CodeOf(control, access, cause), access.Address);
}
