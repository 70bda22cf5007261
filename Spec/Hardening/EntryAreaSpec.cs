using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Spec.Hardening;

/// <summary>
/// The places of the entry areas of two CPUs: what the kernel maps for its first instructions, also while user
/// mode runs. At fixed addresses they were a gift to attackers (CVE-2023-0597).
/// Source: Linux, init_cea_offsets in arch/x86/mm/cpu_entry_area.c; arch/x86/include/asm/cpu_entry_area.h.
/// </summary>
public static class EntryAreaSpec
{
    private const ulong Length = 1UL << 39;
    private const ulong Count = (Length - AslrFormat.Page) / AslrFormat.EntryAreaSize;

    /// <summary>
    /// Places of the first CPU's entry area: one after the other, and since 6.2 any, unless the kernel is not
    /// placed at random. Source: commit 97e3d26b5e5f.
    /// </summary>
    public static Places All(in LayoutRequest request) => new(
        new(AslrFormat.EntryAreas + AslrFormat.Page),
        AreMoved(request) ? Count : 1,
        new(AslrFormat.EntryAreaSize),
        false)
    {
        IsScaled = true,
    };

    /// <summary>The second CPU's is where the first's is not: a place from that of the first on is one on.</summary>
    public static LinearAddress Second(in LayoutRequest request, LinearAddress first)
    {
        var all = All(request);
        var chosen = all with { Count = all.Count - (AreMoved(request) ? 1UL : 0) };
        ulong place = chosen.Of(request.Draws.SecondEntryArea).Value;
        return new(place >= first.Value ? place + AslrFormat.EntryAreaSize : place);
    }

    /// <summary>Entry areas are placed at random.</summary>
    public static bool AreMoved(in LayoutRequest request) =>
        request.IsKernelRandomized && AslrFormat.Since(request, 6, 2);
}
