using System.Runtime.CompilerServices;
using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Implementation.Hardening;

/// <summary>
/// Lays out an address space in one pass from the top: what is constant for a kind of process is folded at
/// compile time, random shifts are masks or scaled, and mappings are taken off a cursor that goes down or up.
/// Nothing is allocated.
/// </summary>
public static class LayoutPlacer
{
    private const int PageShift = 12;
    private const ulong Page = 1UL << PageShift;
    private const ulong LargePage = 1UL << 21;
    private const ulong Guard = 256 * Page;
    private const ulong GapLeast = 128UL << 20;
    private const ulong PointerMask = 8191;

    private const ulong Top64 = 0x7FFF_FFFF_F000;
    private const ulong Top32 = 0xFFFF_E000;
    private const ulong Top3GiB = 0xC000_0000;
    private const ulong Linked64 = 0x40_0000;
    private const ulong Linked32 = 0x0804_8000;
    private const ulong Above32 = 16UL << 20;
    private const ulong StackMask64 = (1UL << 22) - 1;
    private const ulong StackMask32 = (1UL << 11) - 1;
    private const ulong HeapMask64 = (1UL << 18) - 1;
    private const ulong HeapMask32 = (1UL << 13) - 1;

    private const ulong EntryAreas = 0xFFFF_FE00_0000_0000 + Page;
    private const uint EntryAreaPages = 59;
    private const uint EntryPlaces = (uint)((1UL << 39) / Page - 1) / EntryAreaPages;

    // Versions as one number: what changed with them.
    private const int EntryAreasMove = 6 << 8 | 2;
    private const int LargeMappingsAlign = 6 << 8 | 7;
    private const int HeapMovesFar = 6 << 8 | 9;
    private const int VdsoIsMapping = 6 << 8 | 9;
    private const int WholeLargePagesAlign = 6 << 8 | 13;
    private const int StaticHeapMovesAway = 6 << 8 | 15;

    /// <summary>The whole layout.</summary>
    [Lifted("aslr.layout")]
    public static AddressSpaceLayout Place(in LayoutRequest request)
    {
        bool moves = request.Level != AslrLevel.Off, up = request.IsLegacy;
        var draws = request.Draws;
        ulong stackTop = StackTop(request);
        ulong left = moves ? draws.StackPointer.Value & PointerMask : 0;
        ulong pointer = (stackTop - left) & ~15UL;
        ulong mmapBase = MmapBase(request), cursor = mmapBase;
        bool isStatic = request.Program == ProgramKind.StaticPositionIndependent;
        ulong loaded = Take(ref cursor, isStatic ? request.ProgramSize.Value : request.InterpreterSize.Value, up);
        ulong program = isStatic ? loaded : Program(request);
        ulong stackEnd = Ceiling(pointer);
        ulong vdso = request.Kind == AddressSpaceKind.Bits64 && Version(request) < VdsoIsMapping
            && stackEnd + request.VdsoSize.Value <= Top64
                ? VdsoAbove(stackEnd, request.VdsoSize.Value, moves, draws.Vdso.Value)
                : Take(ref cursor, request.VdsoSize.Value, up);
        ulong mapping = Take(ref cursor, request.MappingSize.Value, up);
        return new()
        {
            StackTop = new(stackTop),
            StackPointer = new(pointer),
            MmapBase = new(mmapBase),
            Program = new(program),
            Interpreter = new(isStatic ? mmapBase : loaded),
            Vdso = new(vdso),
            Brk = new(Heap(request, program)),
            Mapping = new(IsAligned(request) ? (up ? mapping + LargePage - 1 : mapping) & ~(LargePage - 1) : mapping),
            EntryArea = new(EntryArea(EntryPlace(request))),
            SecondEntryArea = new(EntryArea(SecondEntryPlace(request))),
        };
    }

    /// <summary>Behind the last page that the stack could have.</summary>
    [Lifted("aslr.stackTop")]
    public static ulong StackTop(in LayoutRequest request)
    {
        ulong mask = request.Level == AslrLevel.Off ? 0 : StackMask(request.Kind);
        return Top(request.Kind) - ((request.Draws.Stack.Value & mask) << PageShift);
    }

    /// <summary>Where mappings begin.</summary>
    [Lifted("aslr.mmapBase")]
    public static ulong MmapBase(in LayoutRequest request)
    {
        ulong shift = MmapShift(request, request.Draws.Mmap.Value);
        return request.IsLegacy
            ? Third(request.Kind) + shift
            : Ceiling(Top(request.Kind) - Gap(request) - shift);
    }

    // What is left above the mappings for the stack and its guard.
    private static ulong Gap(in LayoutRequest request)
    {
        ulong limit = request.StackLimit.Value;
        ulong moved = request.Level == AslrLevel.Off ? 0 : StackMask(request.Kind) << PageShift;
        ulong gap = limit + moved + Guard;
        // A limit that is none would go round.
        gap = gap < limit ? limit : gap;
        ulong most = Top(request.Kind) / 6 * 5;

        // Survivor: the least gap is itself.
        return gap < GapLeast ? GapLeast : gap > most ? most : gap;
    }

    private static ulong Program(in LayoutRequest request) => request.Program == ProgramKind.Fixed
        ? request.Kind == AddressSpaceKind.Bits64 ? Linked64 : Linked32
        : (Independent(request.Kind) & ~(Page - 1)) + MmapShift(request, request.Draws.Program.Value);

    /// <summary>A vdso above the stack: up to the end of the large page in which it can begin.</summary>
    [Lifted("aslr.vdsoAbove")]
    public static ulong VdsoAbove(ulong stackEnd, ulong size, bool moves, ulong word)
    {
        ulong end = (stackEnd + size + LargePage - 1) & ~(LargePage - 1);
        ulong last = (end < Top64 ? end : Top64) - size;
        ulong places = ((last - stackEnd) >> PageShift) + 1;
        return stackEnd + (moves ? Scaled(word, (uint)places) << PageShift : 0);
    }

    private static ulong Heap(in LayoutRequest request, ulong program)
    {
        bool moves = request.Level == AslrLevel.Full;
        int version = Version(request);
        bool far = version >= HeapMovesFar;
        bool away = request.Program == ProgramKind.StaticPositionIndependent
            && (moves || version >= StaticHeapMovesAway);
        ulong start = away ? Ceiling(Independent(request.Kind)) : program + request.ProgramSize.Value;
        if (!moves)
        {
            return start;
        }

        ulong mask = far && request.Kind == AddressSpaceKind.Bits64 ? HeapMask64 : HeapMask32;
        return start + (far && !away ? Page : 0) + ((request.Draws.Brk.Value & mask) << PageShift);
    }

    private static bool IsAligned(in LayoutRequest request)
    {
        int version = Version(request);
        ulong size = request.MappingSize.Value;
        return request.Kind == AddressSpaceKind.Bits64 && version >= LargeMappingsAlign && size >= LargePage
            && (version < WholeLargePagesAlign || (size & (LargePage - 1)) == 0);
    }

    /// <summary>Which of their places the entry area of the first CPU has.</summary>
    [Lifted("aslr.entryPlace")]
    public static uint EntryPlace(in LayoutRequest request) =>
        AreEntriesMoved(request) ? (uint)Scaled(request.Draws.EntryArea.Value, EntryPlaces) : 0;

    /// <summary>Which of them the second CPU's has.</summary>
    [Lifted("aslr.secondEntryPlace")]
    public static uint SecondEntryPlace(in LayoutRequest request)
    {
        uint first = EntryPlace(request);
        uint place = AreEntriesMoved(request)
            ? (uint)Scaled(request.Draws.SecondEntryArea.Value, EntryPlaces - 1)
            : 0;
        // One place fewer, and those from the first CPU's on are one up: never the same, and no second try.
        return place < first ? place : place + 1;
    }

    /// <summary>The entry area of a place.</summary>
    [Lifted("aslr.entryArea")]
    public static ulong EntryArea(uint place) => EntryAreas + ((ulong)(place * EntryAreaPages) << PageShift);

    private static bool AreEntriesMoved(in LayoutRequest request) =>
        request.IsKernelRandomized && Version(request) >= EntryAreasMove;

    private static ulong MmapShift(in LayoutRequest request, ulong word) =>
        request.Level == AslrLevel.Off ? 0 : (word & ((1UL << request.MmapBits) - 1)) << PageShift;

    // The lower half of a word scaled to so many places: without a division.
    private static ulong Scaled(ulong word, uint places) => (ulong)(uint)word * places >> 32;

    private static int Version(in LayoutRequest request) => request.Kernel.Major << 8 | request.Kernel.Minor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Take(ref ulong cursor, ulong size, bool up)
    {
        ulong next = up ? cursor + size : cursor - size;
        ulong place = up ? cursor : next;
        cursor = next;
        return place;
    }

    private static ulong Top(AddressSpaceKind kind) =>
        kind == AddressSpaceKind.Bits64 ? Top64 : kind == AddressSpaceKind.Bits32 ? Top32 : Top3GiB;

    private static ulong Third(AddressSpaceKind kind) => kind switch
    {
        AddressSpaceKind.Bits64 => (Top64 / 3 + Page - 1) & ~(Page - 1),
        AddressSpaceKind.Bits32 => (Top32 / 3 + Page - 1) & ~(Page - 1),
        _ => (Top3GiB / 3 + Page - 1) & ~(Page - 1),
    };

    private static ulong Independent(AddressSpaceKind kind) =>
        kind == AddressSpaceKind.Bits64 ? Top64 / 3 * 2 : Third(kind) + Above32;

    private static ulong StackMask(AddressSpaceKind kind) =>
        kind == AddressSpaceKind.Bits64 ? StackMask64 : StackMask32;

    private static ulong Ceiling(ulong address) => (address + Page - 1) & ~(Page - 1);
}
