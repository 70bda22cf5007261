using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Spec.Hardening;

/// <summary>A region with a name, from its first address to behind its last.</summary>
public readonly record struct Region(string Name, LinearAddress Start, LinearAddress End)
{
    /// <inheritdoc/>
    public override string ToString() => $"the {Name} at {Start} to {End}";
}

/// <summary>
/// What holds of every layout, whatever was drawn: no two regions meet, each lies where its process has
/// addresses, on page boundaries; and the guard below the stack stays free but for two pages: those which the
/// bytes left out above the stack pointer may take, and which the gap of the kernel does not count.
/// Source: Linux, stack_guard_gap in mm/mmap.c and mmap_base in arch/x86/mm/mmap.c; setup_arg_pages in
/// fs/exec.c for the two pages.
/// </summary>
public static class LayoutSpec
{
    /// <summary>What is kept free below a stack at its limit.</summary>
    public const ulong GuardKept = AslrFormat.Guard - 2 * AslrFormat.Page;

    /// <summary>The regions of a layout that have a page, the guard as a part of the stack.</summary>
    public static ImmutableArray<Region> Regions(in LayoutRequest request, in AddressSpaceLayout layout)
    {
        var stackEnd = AslrFormat.StackEnd(layout.StackPointer);
        ulong stack = stackEnd.Value - request.StackSize.Value - GuardKept;
        return
        [
            .. new Region[]
            {
                new("stack with its guard", new(stack), stackEnd),
                Of("program", layout.Program, request.ProgramSize),
                Of("interpreter", layout.Interpreter, request.InterpreterSize),
                Of("vdso", layout.Vdso, request.VdsoSize),
                Of("heap", layout.Brk, request.HeapSize),
                Of("mapping", layout.Mapping, request.MappingSize),
                Of("entry area", layout.EntryArea, new(AslrFormat.EntryAreaSize)),
                Of("second entry area", layout.SecondEntryArea, new(AslrFormat.EntryAreaSize)),
            }.Where(region => region.Start != region.End),
        ];
    }

    /// <summary>What is wrong with the regions of a layout; null when nothing is.</summary>
    public static string? Refusal(in LayoutRequest request, in AddressSpaceLayout layout)
    {
        var regions = Regions(request, layout);
        ulong top = AslrFormat.Top(request.Kind);
        foreach (var region in regions)
        {
            bool isKernels = region.Start.Value >= AslrFormat.EntryAreas;
            if (region.Start.Value % AslrFormat.Page != 0)
            {
                return $"{region} is not on a page boundary";
            }

            if (region.End.Value <= region.Start.Value || (!isKernels && region.End.Value > top))
            {
                return $"{region} is outside the address space, which ends at {new LinearAddress(top)}";
            }

            foreach (var other in regions)
            {
                if (region != other && region.Start.Value < other.End.Value && other.Start.Value < region.End.Value)
                {
                    return $"{region} and {other} meet";
                }
            }
        }

        return GapRefusal(request, layout);
    }

    // Below a stack that grows to its limit the guard is still free, wherever the gap can be that large.
    private static string? GapRefusal(in LayoutRequest request, in AddressSpaceLayout layout)
    {
        ulong limit = request.StackLimit.Value, top = AslrFormat.Top(request.Kind);
        ulong end = AslrFormat.StackEnd(layout.StackPointer).Value;
        return !request.IsLegacy && limit < top / 2
            && AslrFormat.PageUp(end - limit - GuardKept) < layout.MmapBase.Value
            ? $"mappings begin at {layout.MmapBase}, where a stack of {request.StackLimit} still needs room"
            : null;
    }

    private static Region Of(string name, LinearAddress start, ByteCount size) =>
        new(name, start, new(start.Value + size.Value));
}
