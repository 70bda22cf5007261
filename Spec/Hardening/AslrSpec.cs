using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Spec.Hardening;

/// <summary>
/// The layout of a new address space: where the random words of a request put its regions, and which layouts
/// of a kernel that keeps its words to itself are permitted.
/// Source: <see cref="PlaceSpec"/>, region by region; the order is that of load_elf_binary in fs/binfmt_elf.c.
/// </summary>
public static class AslrSpec
{
    private const ulong Page = AslrFormat.Page;
    private const ulong KiB = 1UL << 10;
    private const ulong MiB = 1UL << 20;
    private const ulong GiB = 1UL << 30;

    /// <summary>Where the words of the request put each region.</summary>
    [Lifted("aslr.spec.layout")]
    public static AddressSpaceLayout Next(in LayoutRequest request)
    {
        var draws = request.Draws;
        var stackTop = PlaceSpec.StackPlaces(request).Of(draws.Stack);
        var stackPointer = PlaceSpec.StackPointer(request, stackTop);
        var stackEnd = AslrFormat.StackEnd(stackPointer);
        var mmapBase = PlaceSpec.MmapPlaces(request).Of(draws.Mmap);
        var program = PlaceSpec.ProgramPlaces(request, mmapBase).Of(draws.Program);
        var vdso = PlaceSpec.VdsoPlaces(request, mmapBase, stackEnd).Of(draws.Vdso);
        var entry = EntryAreaSpec.All(request).Of(draws.EntryArea);
        return new()
        {
            StackTop = stackTop,
            StackPointer = stackPointer,
            MmapBase = mmapBase,
            Program = program,
            Interpreter = PlaceSpec.Interpreter(request, mmapBase),
            Vdso = vdso,
            Brk = PlaceSpec.BrkPlaces(request, program).Of(draws.Brk),
            Mapping = PlaceSpec.Mapping(request, mmapBase, stackEnd, vdso),
            EntryArea = entry,
            SecondEntryArea = EntryAreaSpec.Second(request, entry),
        };
    }

    /// <summary>
    /// Why no random words give what was seen of an address space; null when some do. Where mappings begin is
    /// told by the first of them: the program, its interpreter, the vdso, or that of the program.
    /// </summary>
    public static string? Refusal(in LayoutRequest request, in ObservedLayout seen)
    {
        var stack = PlaceSpec.StackPlaces(request);
        bool isPointerMoved = request.Level != AslrLevel.Off;
        LinearAddress pageAbove = new(seen.StackEnd.Value + (isPointerMoved ? Page : 0));
        LinearAddress twoAbove = new(seen.StackEnd.Value + (isPointerMoved ? 2 * Page : 0));
        var (first, size) = FirstMapping(request, seen);
        LinearAddress mmapBase = new(request.IsLegacy ? first.Value : first.Value + size.Value);
        return !stack.Has(seen.StackEnd) && !stack.Has(pageAbove) && !stack.Has(twoAbove)
                ? "the stack cannot end there"
            : !PlaceSpec.MmapPlaces(request).Has(mmapBase) ? $"mappings cannot begin at {mmapBase}"
            : !PlaceSpec.ProgramPlaces(request, mmapBase).Has(seen.Program) ? "the program cannot lie there"
            : !PlaceSpec.VdsoPlaces(request, mmapBase, seen.StackEnd).Has(seen.Vdso) ? "the vdso cannot lie there"
            : !PlaceSpec.BrkPlaces(request, seen.Program).Has(seen.Brk) ? "the heap cannot begin there"
            : PlaceSpec.Mapping(request, mmapBase, seen.StackEnd, seen.Vdso) != seen.Mapping
                ? "the mapping does not lie there"
                : null;
    }

    /// <summary>
    /// What is promised to be laid out: sizes that leave room between the regions, whatever is drawn. Beyond,
    /// a kernel looks for another place, or refuses. The heap of a static program that follows it among the
    /// mappings is promised no room, which is why it was moved away; and in 32 bits mappings that go up have
    /// 16 MiB until they come to it.
    /// Source: arch/x86/Kconfig for the bits; the sizes are chosen here.
    /// </summary>
    [Lifted("aslr.spec.mayBeAsked")]
    public static bool MayBeAsked(in LayoutRequest request)
    {
        bool is64 = request.Kind == AddressSpaceKind.Bits64;
        ulong limit = request.StackLimit.Value;
        bool isStatic = request.Program == ProgramKind.StaticPositionIndependent;
        return request.Level <= AslrLevel.Full && request.Kind <= AddressSpaceKind.Bits32Of3GiB
            && request.Program <= ProgramKind.StaticPositionIndependent
            && (is64 ? request.MmapBits is >= 28 and <= 32 : request.MmapBits is >= 8 and <= 16)
            && (is64 || !request.IsLegacy || request.MmapBits == 8)
            && (limit == LayoutRequest.Unlimited || limit <= (is64 ? GiB << 10 : GiB))
            && Fits(request.StackSize, Page, limit < MiB ? limit : MiB)
            && Fits(request.ProgramSize, Page, !is64 && request.IsLegacy && isStatic ? 4 * MiB : 16 * MiB)
            && Fits(request.InterpreterSize, 0, MiB) && (request.InterpreterSize.Value == 0 || !isStatic)
            && Fits(request.VdsoSize, Page, 64 * KiB)
            && Fits(request.HeapSize, 0, isStatic && !PlaceSpec.IsHeapAway(request) ? 0 : 16 * MiB)
            && Fits(request.MappingSize, 0, 8 * MiB);
    }

    private static (LinearAddress First, ByteCount Size) FirstMapping(
        in LayoutRequest request, in ObservedLayout seen) =>
        request.Program == ProgramKind.StaticPositionIndependent ? (seen.Program, request.ProgramSize)
        : request.InterpreterSize.Value != 0 ? (seen.Interpreter, request.InterpreterSize)
        : !PlaceSpec.IsVdsoAbove(request, seen.StackEnd) ? (seen.Vdso, request.VdsoSize)
        : (seen.Mapping, request.MappingSize);

    private static bool Fits(ByteCount size, ulong least, ulong most) =>
        size.Value >= least && size.Value <= most && size.Value % Page == 0;
}
