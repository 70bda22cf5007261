using System.Collections.Immutable;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// The areas of a process: a list in order, in which no two neighbours are alike, and the private pages in it.
/// Source: mmap(2), of what a new mapping does to an old one; proc_pid_maps(5), of what areas have in common.
/// </summary>
public static class AddressSpaceSpec
{
    /// <summary>The address after the last that a process can have: 47 bits, less one page.</summary>
    public const ulong UserEnd = (1UL << 47) - PageContent.Bytes;

    /// <summary>The start of the page of an address.</summary>
    public static ulong PageStart(ulong address) => address & ~(PageContent.Bytes - 1UL);

    /// <summary>A length in whole pages; too large a one comes to 0.</summary>
    public static ulong PageAlign(ulong length) => PageStart(length + (PageContent.Bytes - 1));

    /// <summary>The area of an address.</summary>
    public static Area? AreaAt(ProcessState process, ulong address)
    {
        foreach (var area in process.Areas)
        {
            if (address < area.End)
            {
                return address >= area.Start ? area : null;
            }
        }

        return null;
    }

    /// <summary>The areas that have addresses in a range.</summary>
    public static ImmutableArray<Area> Within(ProcessState process, ulong start, ulong end) =>
        process.Areas.RemoveAll(area => !area.Meets(start, end));

    /// <summary>Whether nothing is mapped in a range.</summary>
    public static bool IsFree(ProcessState process, ulong start, ulong end) => Within(process, start, end).IsEmpty;

    /// <summary>The first address of a range that is not mapped; its end when all are.</summary>
    public static ulong CoveredUpTo(ProcessState process, ulong start, ulong end)
    {
        ulong reached = start;
        foreach (var area in Within(process, start, end))
        {
            if (area.Start > reached)
            {
                return reached;
            }

            reached = Math.Min(area.End, end);
        }

        return reached;
    }

    /// <summary>Whether all addresses of a range are mapped.</summary>
    public static bool IsCovered(ProcessState process, ulong start, ulong end) =>
        CoveredUpTo(process, start, end) == end;

    /// <summary>The process without what it has in a range.</summary>
    public static ProcessState Unmap(ProcessState process, ulong start, ulong end) =>
        DropPages(process, start, end) with
        {
            Areas = Join(Split(process.Areas, start, end).RemoveAll(area => area.Start >= start && area.End <= end)),
        };

    /// <summary>The process with an area more, in a place where nothing is.</summary>
    public static ProcessState Add(ProcessState process, in Area added)
    {
        int place = 0;
        while (place < process.Areas.Length && process.Areas[place].Start < added.Start)
        {
            place++;
        }

        return process with { Areas = Join(process.Areas.Insert(place, added)) };
    }

    /// <summary>The process with its areas changed as far as they lie in a range.</summary>
    public static ProcessState Change(ProcessState process, ulong start, ulong end, Func<Area, Area> change)
    {
        var areas = Split(process.Areas, start, end).ToBuilder();
        for (int place = 0; place < areas.Count; place++)
        {
            bool inside = areas[place].Start >= start && areas[place].End <= end;
            areas[place] = inside ? change(areas[place]) : areas[place];
        }

        return process with { Areas = Join(areas.ToImmutable()) };
    }

    /// <summary>The process with the entries of a range empty, and its own copies there gone.</summary>
    public static ProcessState DropPages(ProcessState process, ulong start, ulong end) => process with
    {
        Pages = process.Pages.RemoveAll(page => page.Start >= start && page.Start < end),
    };

    /// <summary>The areas, none of which crosses an end of the range.</summary>
    private static ImmutableArray<Area> Split(ImmutableArray<Area> areas, ulong start, ulong end) =>
        SplitAt(SplitAt(areas, start), end);

    private static ImmutableArray<Area> SplitAt(ImmutableArray<Area> areas, ulong address)
    {
        for (int place = 0; place < areas.Length; place++)
        {
            Area area = areas[place];
            if (area.Start < address && address < area.End)
            {
                return areas.SetItem(place, AreaSpec.LowerOf(area, address))
                    .Insert(place + 1, AreaSpec.UpperOf(area, address));
            }
        }

        return areas;
    }

    private static ImmutableArray<Area> Join(ImmutableArray<Area> areas)
    {
        for (int place = areas.Length - 1; place > 0; place--)
        {
            Area low = areas[place - 1], high = areas[place];
            areas = AreaSpec.AreOne(low, high)
                ? areas.RemoveAt(place).SetItem(place - 1, AreaSpec.Joined(low, high) with { Several = true })
                : areas;
        }

        return areas;
    }
}
