using PageProof.Contract.Hardening;

namespace PageProof.Spec.Hardening;

/// <summary>
/// How many places the word of a region can give it, while all other words stay: no fewer, since that is what
/// placement at random is for, and no more. Of mappings this has to be said by their size: one that begins at
/// a large page has 512 times fewer (nine bits).
/// Source: the figures of <see cref="AslrFormat"/>; arch_align_stack in arch/x86/kernel/process.c.
/// </summary>
public static class EntropySpec
{
    /// <summary>The places of a region.</summary>
    public static Places PlacesOf(in LayoutRequest request, LayoutRegion region)
    {
        var layout = AslrSpec.Next(request);
        return region switch
        {
            LayoutRegion.Stack => PlaceSpec.StackPlaces(request),
            LayoutRegion.StackPointer => PlaceSpec.PointerPlaces(request, layout.StackTop),
            LayoutRegion.Mmap => PlaceSpec.MmapPlaces(request),
            LayoutRegion.Program => PlaceSpec.ProgramPlaces(request, layout.MmapBase),
            LayoutRegion.Vdso => PlaceSpec.VdsoPlaces(
                request, layout.MmapBase, AslrFormat.StackEnd(layout.StackPointer)),
            LayoutRegion.Brk => PlaceSpec.BrkPlaces(request, layout.Program),
            LayoutRegion.EntryArea => EntryAreaSpec.All(request),
            LayoutRegion.SecondEntryArea => EntryAreaSpec.All(request),
            _ => MappingPlaces(request),
        };
    }

    /// <summary>How many of them the region's own word can give it.</summary>
    public static ulong CountOf(in LayoutRequest request, LayoutRegion region)
    {
        ulong count = PlacesOf(request, region).Count;
        // One of them is the first CPU's.
        return region == LayoutRegion.SecondEntryArea && count > 1 ? count - 1 : count;
    }

    // From the first mapping to the one of the last word, by pages or by large pages.
    private static Places MappingPlaces(in LayoutRequest request)
    {
        ulong words = PlaceSpec.MmapPlaces(request).Count;
        ulong first = MappingOf(request, 0), last = MappingOf(request, words - 1);
        ulong step = PlaceSpec.IsMappingAligned(request) ? AslrFormat.LargePage : AslrFormat.Page;
        ulong apart = Math.Max(first, last) - Math.Min(first, last);
        return new(new(first), apart / step + 1, new(step), !request.IsLegacy);
    }

    private static ulong MappingOf(in LayoutRequest request, ulong word)
    {
        var asked = request with { Draws = request.Draws with { Mmap = new(word) } };
        return AslrSpec.Next(asked).Mapping.Value;
    }
}
