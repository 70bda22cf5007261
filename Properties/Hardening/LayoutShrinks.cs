using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>
/// Simpler requests than a failing one: with words of zero, nothing at random, the kernel and the limit of
/// today, a plain program, and a page of everything. None that may not be asked.
/// </summary>
public static class LayoutShrinks
{
    private static readonly ByteCount Page = new(AslrFormat.Page);
    private static readonly ByteCount Limit = new(8UL << 20);

    /// <summary>The simpler requests, the boldest first.</summary>
    public static IEnumerable<LayoutRequest> Of(LayoutRequest failing) =>
        Candidates(failing).Where(each => each != failing && AslrSpec.MayBeAsked(each));

    private static IEnumerable<LayoutRequest> Candidates(LayoutRequest failing)
    {
        yield return failing with { Draws = default };
        yield return failing with { Level = AslrLevel.Off };
        yield return failing with { HasFiveLevels = false };
        yield return failing with { IsKernelRandomized = false };
        yield return failing with { IsLegacy = false };
        yield return failing with { Kernel = new(6, 18) };
        yield return failing with { Program = ProgramKind.Fixed };
        if (failing.Level == AslrLevel.Full)
        {
            yield return failing with { Level = AslrLevel.WithoutHeap };
        }

        yield return failing with { MmapBits = (byte)(failing.Kind == AddressSpaceKind.Bits64 ? 28 : 8) };
        yield return failing with { StackLimit = Limit };
        yield return failing with { StackSize = Page };
        yield return failing with { ProgramSize = Page };
        yield return failing with { InterpreterSize = default };
        yield return failing with { VdsoSize = Page };
        yield return failing with { HeapSize = default };
        yield return failing with { MappingSize = default };
        foreach (var draws in PlainerDraws(failing.Draws))
        {
            yield return failing with { Draws = draws };
        }
    }

    // Each word alone: zero, then without its upper bits, then one bit fewer.
    private static IEnumerable<LayoutDraws> PlainerDraws(LayoutDraws draws) =>
        from change in Changes
        let word = change.Get(draws).Value
        where word != 0
        from plainer in (ulong[])[0, word & 0xFFFF_FFFF, word & 0xFFF, word & (word - 1), word >> 1]
        where plainer < word
        select change.Set(draws, new(plainer));

    private static readonly (Func<LayoutDraws, RandomWord> Get, Func<LayoutDraws, RandomWord, LayoutDraws> Set)[]
        Changes =
    [
        (each => each.Stack, (each, word) => each with { Stack = word }),
        (each => each.StackPointer, (each, word) => each with { StackPointer = word }),
        (each => each.Mmap, (each, word) => each with { Mmap = word }),
        (each => each.Program, (each, word) => each with { Program = word }),
        (each => each.Vdso, (each, word) => each with { Vdso = word }),
        (each => each.Brk, (each, word) => each with { Brk = word }),
        (each => each.EntryArea, (each, word) => each with { EntryArea = word }),
        (each => each.SecondEntryArea, (each, word) => each with { SecondEntryArea = word }),
    ];
}
