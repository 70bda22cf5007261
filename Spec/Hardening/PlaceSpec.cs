using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Spec.Hardening;

/// <summary>
/// The places that each region of a new address space can have.
/// Level 0 leaves one place to each; level 1 moves all but the heap; level 2 the heap too.
/// Source: Linux, fs/binfmt_elf.c (load_elf_binary), arch/x86/mm/mmap.c (arch_pick_mmap_layout), mm/util.c
/// (randomize_stack_top, randomize_page), arch/x86/kernel/process.c (arch_align_stack),
/// arch/x86/entry/vdso/vma.c.
/// </summary>
public static class PlaceSpec
{
    private const ulong PointerStep = 16;
    private const ulong PointerBytes = 8192;

    /// <summary>Places of the stack: down from the top, by pages.</summary>
    public static Places StackPlaces(in LayoutRequest request) => new(
        new(AslrFormat.Top(request.Kind)),
        request.Level == AslrLevel.Off ? 1 : AslrFormat.StackPages(request.Kind),
        new(AslrFormat.Page),
        true);

    /// <summary>
    /// The stack pointer: some bytes below the top of the stack, fewer than 8 KiB, at a multiple of 16.
    /// </summary>
    public static LinearAddress StackPointer(in LayoutRequest request, LinearAddress stackTop)
    {
        ulong left = request.Level == AslrLevel.Off ? 0 : request.Draws.StackPointer.Value % PointerBytes;
        return new((stackTop.Value - left) / PointerStep * PointerStep);
    }

    /// <summary>Where it can be: all 8 KiB, both ends included, though the first of them hardly ever.</summary>
    public static Places PointerPlaces(in LayoutRequest request, LinearAddress stackTop) => new(
        stackTop,
        request.Level == AslrLevel.Off ? 1 : PointerBytes / PointerStep + 1,
        new(PointerStep),
        true);

    /// <summary>Places of mappings: by pages, down from above the gap, or up from a third of all.</summary>
    public static Places MmapPlaces(in LayoutRequest request) => new(
        new(request.IsLegacy
            ? AslrFormat.Third(request.Kind)
            : AslrFormat.PageUp(AslrFormat.Top(request.Kind) - AslrFormat.Gap(request))),
        MmapCount(request),
        new(AslrFormat.Page),
        !request.IsLegacy);

    /// <summary>
    /// Places of the program. A static one that is position-independent is loaded as a mapping, like an
    /// interpreter.
    /// </summary>
    public static Places ProgramPlaces(in LayoutRequest request, LinearAddress mmapBase) => request.Program switch
    {
        ProgramKind.Fixed => Places.Only(AslrFormat.Linked(request.Kind)),
        ProgramKind.PositionIndependent => new(
            new(AslrFormat.Independent(request.Kind) / AslrFormat.Page * AslrFormat.Page),
            MmapCount(request),
            new(AslrFormat.Page),
            false),
        _ => Places.Only(Next(request, mmapBase.Value, request.ProgramSize.Value)),
    };

    /// <summary>The interpreter is the first mapping of a program that has one.</summary>
    public static LinearAddress Interpreter(in LayoutRequest request, LinearAddress mmapBase) =>
        new(Next(request, mmapBase.Value, request.InterpreterSize.Value));

    /// <summary>
    /// Places of the vdso: since 6.9 the next mapping, and so it is in 32 bits. Before, in 64 bits: above the
    /// stack, up to where the large page ends of which the vdso takes the beginning; but when that is above
    /// all addresses, it is the next mapping as well. Source: commit 3c6539b4c177, and before it vdso_addr.
    /// </summary>
    public static Places VdsoPlaces(in LayoutRequest request, LinearAddress mmapBase, LinearAddress stackEnd)
    {
        ulong size = request.VdsoSize.Value, top = AslrFormat.Top(request.Kind), start = stackEnd.Value;
        if (!IsVdsoAbove(request, stackEnd))
        {
            return Places.Only(Next(request, Loaded(request, mmapBase), size));
        }

        ulong end = (start + size + AslrFormat.LargePage - 1) / AslrFormat.LargePage * AslrFormat.LargePage;
        ulong last = (end < top ? end : top) - size;
        return new(
            stackEnd,
            request.Level == AslrLevel.Off ? 1 : (last - start) / AslrFormat.Page + 1,
            new(AslrFormat.Page),
            false)
        {
            IsScaled = true,
        };
    }

    /// <summary>The vdso lies above the stack.</summary>
    public static bool IsVdsoAbove(in LayoutRequest request, LinearAddress stackEnd) =>
        request.Kind == AddressSpaceKind.Bits64 && !AslrFormat.Since(request, 6, 9)
        && stackEnd.Value + request.VdsoSize.Value <= AslrFormat.Top(request.Kind);

    /// <summary>
    /// Places of the heap: behind the program, since 6.9 with a page between if it moves. The heap of a static
    /// program that is position-independent begins where others of that kind lie, since 6.15 also when it does
    /// not move. Source: commits 2a5eb9995528, bbdc6076d2e5 and 11854fe263eb.
    /// </summary>
    public static Places BrkPlaces(in LayoutRequest request, LinearAddress program)
    {
        bool moves = request.Level == AslrLevel.Full;
        bool away = IsHeapAway(request);
        ulong start = away
            ? AslrFormat.PageUp(AslrFormat.Independent(request.Kind))
            : program.Value + request.ProgramSize.Value;
        ulong between = moves && !away && AslrFormat.Since(request, 6, 9) ? AslrFormat.Page : 0;
        return new(
            new(start + between), moves ? AslrFormat.HeapPages(request) : 1, new(AslrFormat.Page), false);
    }

    /// <summary>The heap does not follow the program.</summary>
    public static bool IsHeapAway(in LayoutRequest request) =>
        request.Program == ProgramKind.StaticPositionIndependent
        && (request.Level == AslrLevel.Full || AslrFormat.Since(request, 6, 15));

    /// <summary>
    /// The first mapping of the program is the next one. A large one begins at a large page, in 64 bits since
    /// 6.7; since 6.13 only if it ends at one too. In 32 bits that would leave hardly a bit to chance
    /// (CVE-2024-26621). Source: thp_get_unmapped_area in mm/huge_memory.c, commits efa7df3e3bb5, 4ef9ad19e176
    /// and d4148aeab412.
    /// </summary>
    public static LinearAddress Mapping(
        in LayoutRequest request, LinearAddress mmapBase, LinearAddress stackEnd, LinearAddress vdso)
    {
        ulong from = IsVdsoAbove(request, stackEnd)
            ? Loaded(request, mmapBase)
            : After(request, vdso.Value, request.VdsoSize.Value);
        ulong place = Next(request, from, request.MappingSize.Value);
        ulong rest = IsMappingAligned(request) ? place % AslrFormat.LargePage : 0;
        return new(rest == 0 ? place : request.IsLegacy ? place - rest + AslrFormat.LargePage : place - rest);
    }

    /// <summary>The mapping begins at a large page.</summary>
    public static bool IsMappingAligned(in LayoutRequest request) =>
        request.Kind == AddressSpaceKind.Bits64 && AslrFormat.Since(request, 6, 7)
        && request.MappingSize.Value >= AslrFormat.LargePage
        && (!AslrFormat.Since(request, 6, 13) || request.MappingSize.Value % AslrFormat.LargePage == 0);

    // Mappings go down, or up: the next one of a size, where those before it have come to.
    private static ulong Next(in LayoutRequest request, ulong from, ulong size) =>
        request.IsLegacy ? from : from - size;

    // Where the mappings have come to behind this one.
    private static ulong After(in LayoutRequest request, ulong place, ulong size) =>
        request.IsLegacy ? place + size : place;

    // Where the mappings have come to when the program is loaded.
    private static ulong Loaded(in LayoutRequest request, LinearAddress mmapBase)
    {
        bool isMapping = request.Program == ProgramKind.StaticPositionIndependent;
        ulong size = isMapping ? request.ProgramSize.Value : request.InterpreterSize.Value;
        return After(request, Next(request, mmapBase.Value, size), size);
    }

    private static ulong MmapCount(in LayoutRequest request) =>
        request.Level == AslrLevel.Off ? 1 : 1UL << request.MmapBits;
}
