using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Spec.Hardening;

namespace PageProof.Tests.Hardening;

/// <summary>What the Spec refuses of layouts, and in which words; and what it has to permit beside it.</summary>
[InLane("hardening")]
public sealed class LayoutRefusalTests
{
    private const ulong Page = 4096;

    private static readonly LayoutRequest Today = new()
    {
        Level = AslrLevel.Full,
        Kernel = new(6, 18),
        IsKernelRandomized = true,
        MmapBits = 28,
        StackLimit = new(8UL << 20),
        StackSize = new(33 * Page),
        ProgramSize = new(2 * Page),
        VdsoSize = new(8 * Page),
        MappingSize = new(Page),
        HeapSize = new(Page),
        Draws = new(new(11), new(22), new(33), new(44), new(55), new(66), new(77), new(88)),
    };

    private static readonly LayoutRequest[] Requests =
    [
        Today,
        Today with { Level = AslrLevel.WithoutHeap },
        Today with { Level = AslrLevel.Off },
        Today with { Program = ProgramKind.Fixed },
        Today with { Program = ProgramKind.StaticPositionIndependent },
        Today with { InterpreterSize = new(16 * Page) },
        Today with { Kernel = new(6, 8) },
        Today with { Kernel = new(6, 8), InterpreterSize = new(16 * Page) },
        Today with { Kernel = new(6, 8), Program = ProgramKind.StaticPositionIndependent },
        Today with { IsLegacy = true },
        Today with { IsLegacy = true, InterpreterSize = new(16 * Page) },
        Today with { Kind = AddressSpaceKind.Bits32, MmapBits = 8 },
        Today with { Kind = AddressSpaceKind.Bits32Of3GiB, MmapBits = 8, Kernel = new(6, 8) },
        Today with { Kind = AddressSpaceKind.Bits32, MmapBits = 8, IsLegacy = true },
    ];

    [Fact]
    public void What_the_words_of_a_request_give_is_permitted_to_who_keeps_them() =>
        Assert.All(Requests, request => Assert.Null(AslrSpec.Refusal(request, SeenOf(request))));

    [Fact]
    public void Whatever_lies_elsewhere_is_refused()
    {
        foreach (var request in Requests)
        {
            var seen = SeenOf(request);
            LinearAddress far = new(0x6000_0000_0000 + 8);
            Assert.Equal("the stack cannot end there", AslrSpec.Refusal(request, seen with { StackEnd = far }));
            Assert.NotNull(AslrSpec.Refusal(request, seen with { Program = new(seen.Program.Value + 8) }));
            Assert.NotNull(AslrSpec.Refusal(request, seen with { Program = far }));
            Assert.NotNull(AslrSpec.Refusal(request, seen with { Vdso = new(seen.Vdso.Value + 8) }));
            Assert.NotNull(AslrSpec.Refusal(request, seen with { Vdso = far }));
            Assert.Equal("the heap cannot begin there", AslrSpec.Refusal(request, seen with { Brk = far }));
            Assert.NotNull(AslrSpec.Refusal(request, seen with { Mapping = far }));
            Assert.NotNull(AslrSpec.Refusal(request, seen with { Mapping = new(seen.Mapping.Value + 8) }));
            Assert.True(request.InterpreterSize.Value == 0
                || AslrSpec.Refusal(request, seen with { Interpreter = far }) is not null);
        }
    }

    /// <summary>The bytes above the stack pointer can be two pages, so that the stack ends two lower.</summary>
    [Theory]
    [InlineData(AslrLevel.Full, 1, false)]
    [InlineData(AslrLevel.Full, 0, true)]
    [InlineData(AslrLevel.Full, -1, true)]
    [InlineData(AslrLevel.Full, -(1 << 22) + 1, true)]
    [InlineData(AslrLevel.Full, -(1 << 22) - 1, true)]
    [InlineData(AslrLevel.Full, -(1 << 22) - 2, false)]
    [InlineData(AslrLevel.Off, 1, false)]
    [InlineData(AslrLevel.Off, 0, true)]
    [InlineData(AslrLevel.Off, -1, false)]
    [InlineData(AslrLevel.Off, -2, false)]
    public void A_stack_ends_within_its_places(AslrLevel level, long pages, bool permitted)
    {
        var request = Today with { Level = level };
        LinearAddress end = new(0x7FFF_FFFF_F000 + (ulong)(pages * (long)Page));
        Assert.Equal(permitted, AslrSpec.Refusal(request, SeenOf(request) with { StackEnd = end }) is null);
    }

    [Theory]
    [InlineData(0UL, true)]
    [InlineData(9 * Page, true)]
    [InlineData(10 * Page, false)]
    [InlineData(Page + 8, false)]
    [InlineData(8UL, false)]
    public void Places_are_whole_steps_apart_and_so_many(ulong moved, bool has)
    {
        Places up = new(new(0x10_0000), 10, new(Page), IsDown: false), down = up with { IsDown = true };
        Assert.Equal(has, up.Has(new(0x10_0000 + moved)));
        Assert.Equal(has, down.Has(new(0x10_0000 - moved)));
        Assert.True(moved == 0 || !up.Has(new(0x10_0000 - moved)));
    }

    [Fact]
    public void Each_region_has_its_name_where_it_is_refused()
    {
        const string Boundary = " is not on a page boundary";
        var layout = AslrSpec.Next(Today);
        Says("the program at ", layout with { Program = new(layout.Program.Value + 1) }, Boundary);
        Says("the vdso at ", layout with { Vdso = new(layout.Vdso.Value + 1) }, Boundary);
        Says("the heap at ", layout with { Brk = new(layout.Brk.Value + 1) }, Boundary);
        Says("the mapping at ", layout with { Mapping = new(layout.Mapping.Value - Page + 1) }, Boundary);
        Says("the entry area at ", layout with { EntryArea = new(layout.EntryArea.Value + 1) }, Boundary);
        Says("the second entry area at ",
            layout with { SecondEntryArea = new(layout.SecondEntryArea.Value + 1) }, Boundary);
        Says("the mapping at ", layout with { Mapping = new(1UL << 47) },
            " is outside the address space, which ends at ");
        Says("the program at ", layout with { Mapping = layout.Program }, " meet");
        Says("the entry area at ", layout with { SecondEntryArea = layout.EntryArea }, " meet");
        var withInterpreter = Today with { InterpreterSize = new(Page) };
        var linked = AslrSpec.Next(withInterpreter);
        string? refusal = LayoutSpec.Refusal(
            withInterpreter, linked with { Interpreter = new(linked.Interpreter.Value + 1) });
        Assert.StartsWith("the interpreter at ", refusal);
    }

    [Fact]
    public void Below_a_stack_at_its_limit_the_guard_is_free()
    {
        var layout = AslrSpec.Next(Today);
        ulong end = AslrFormat.StackEnd(layout.StackPointer).Value;
        LinearAddress highest = new(end - Today.StackLimit.Value - LayoutSpec.GuardKept);
        Assert.Null(LayoutSpec.Refusal(Today, layout with { MmapBase = highest }));
        Assert.Contains("where a stack of ", LayoutSpec.Refusal(Today, layout with
        {
            MmapBase = new(highest.Value + Page),
        }));
        Assert.Null(LayoutSpec.Refusal(
            Today with { IsLegacy = true }, layout with { MmapBase = new(highest.Value + Page) }));
    }

    [Theory]
    [InlineData(AddressSpaceKind.Bits64, true, 16UL << 20, true)]
    [InlineData(AddressSpaceKind.Bits32, false, 16UL << 20, true)]
    [InlineData(AddressSpaceKind.Bits32, true, 4UL << 20, true)]
    [InlineData(AddressSpaceKind.Bits32, true, (4UL << 20) + Page, false)]
    public void A_static_program_among_mappings_that_go_up_in_32_bits_is_small(
        AddressSpaceKind kind, bool isLegacy, ulong size, bool promised) =>
        Assert.Equal(promised, AslrSpec.MayBeAsked(Today with
        {
            Kind = kind,
            MmapBits = (byte)(kind == AddressSpaceKind.Bits64 ? 28 : 8),
            IsLegacy = isLegacy,
            Program = ProgramKind.StaticPositionIndependent,
            ProgramSize = new(size),
        }));

    private static void Says(string start, AddressSpaceLayout layout, string end)
    {
        string? refusal = LayoutSpec.Refusal(Today, layout);
        Assert.StartsWith(start, refusal);
        Assert.Contains(end, refusal);
    }

    private static ObservedLayout SeenOf(in LayoutRequest request)
    {
        var layout = AslrSpec.Next(request);
        return new()
        {
            StackEnd = AslrFormat.StackEnd(layout.StackPointer),
            Program = layout.Program,
            Interpreter = layout.Interpreter,
            Vdso = layout.Vdso,
            Brk = layout.Brk,
            Mapping = layout.Mapping,
        };
    }
}
