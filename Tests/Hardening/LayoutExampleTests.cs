using PageProof.Contract.Hardening;
using PageProof.Implementation.Hardening;
using PageProof.Spec.Hardening;

namespace PageProof.Tests.Hardening;

/// <summary>Layouts that are known, and the entropies as figures: both sides say the same.</summary>
[InLane("hardening")]
public sealed class LayoutExampleTests
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
    };

    /// <summary>Text at 0x08048000, data behind it, the heap at 0x08050000, the stack down from 3 GiB.</summary>
    [Fact]
    public void Without_randomization_32_bits_have_the_traditional_layout()
    {
        var layout = Both(Today with
        {
            Level = AslrLevel.Off,
            Kind = AddressSpaceKind.Bits32Of3GiB,
            MmapBits = 8,
            ProgramSize = new(8 * Page),
            Draws = new(new(1), new(2), new(3), new(4), new(5), new(6), new(7), new(8)),
        });
        Assert.Equal(0x0804_8000UL, layout.Program.Value);
        Assert.Equal(0x0805_0000UL, layout.Brk.Value);
        Assert.Equal(0xC000_0000UL, layout.StackTop.Value);
        Assert.Equal(0xC000_0000UL, layout.StackPointer.Value);
        Assert.Equal(0xC000_0000UL - (128UL << 20), layout.MmapBase.Value);
    }

    /// <summary>As /proc/PID/maps shows them of a static program and a linked one with ADDR_NO_RANDOMIZE.</summary>
    [Theory]
    [InlineData(AddressSpaceKind.Bits64, ProgramKind.StaticPositionIndependent,
        0x7FFF_F7FF_D000UL, 0x5555_5555_5000UL, 0x7FFF_F7FF_5000UL, 0x7FFF_FFFF_F000UL)]
    [InlineData(AddressSpaceKind.Bits64, ProgramKind.PositionIndependent,
        0x5555_5555_4000UL, 0x5555_5555_6000UL, 0x7FFF_F7FF_7000UL, 0x7FFF_FFFF_F000UL)]
    [InlineData(AddressSpaceKind.Bits32, ProgramKind.StaticPositionIndependent,
        0xF7FF_C000UL, 0x5655_5000UL, 0xF7FF_4000UL, 0xFFFF_E000UL)]
    [InlineData(AddressSpaceKind.Bits32, ProgramKind.Fixed,
        0x0804_8000UL, 0x0804_A000UL, 0xF7FF_6000UL, 0xFFFF_E000UL)]
    public void Without_randomization_regions_lie_where_a_kernel_shows_them(
        AddressSpaceKind kind, ProgramKind program, ulong start, ulong heap, ulong vdso, ulong stack)
    {
        var layout = Both(Today with { Level = AslrLevel.Off, Kind = kind, Program = program });
        Assert.Equal(
            (start, heap, vdso, stack),
            (layout.Program.Value, layout.Brk.Value, layout.Vdso.Value, layout.StackTop.Value));
    }

    /// <summary>What is promised to be laid out: one thing beyond it is enough for no promise.</summary>
    [Fact]
    public void What_may_be_asked_has_its_bounds()
    {
        var of32 = Today with { Kind = AddressSpaceKind.Bits32, MmapBits = 8 };
        LayoutRequest[] promised =
        [
            Today, of32, of32 with { Kind = AddressSpaceKind.Bits32Of3GiB, MmapBits = 16 },
            Today with { MmapBits = 32 },
            of32 with { IsLegacy = true }, Today with { Program = ProgramKind.StaticPositionIndependent },
            Today with { StackLimit = new(LayoutRequest.Unlimited) }, Today with { InterpreterSize = new(1 << 20) },
            Today with { ProgramSize = new(16 << 20) }, Today with { HeapSize = new(16 << 20) },
            Today with { StackSize = new(1 << 20), VdsoSize = new(64 << 10), MappingSize = new(8 << 20) },
        ];
        LayoutRequest[] beyond =
        [
            Today with { Level = AslrLevel.Full + 1 }, Today with { Kind = AddressSpaceKind.Bits32Of3GiB + 1 },
            Today with { Program = ProgramKind.StaticPositionIndependent + 1 },
            Today with { MmapBits = 27 }, Today with { MmapBits = 33 }, Today with { MmapBits = 8 },
            of32 with { MmapBits = 7 }, of32 with { MmapBits = 17 }, of32 with { MmapBits = 28 },
            of32 with { IsLegacy = true, MmapBits = 9 }, of32 with { StackLimit = new((1UL << 30) + Page) },
            Today with { StackLimit = new((1UL << 40) + Page) }, Today with { StackSize = new((1 << 20) + Page) },
            Today with { StackSize = default }, Today with { ProgramSize = new((16 << 20) + Page) },
            Today with { InterpreterSize = new((1 << 20) + Page) },
            Today with { InterpreterSize = new(Page), Program = ProgramKind.StaticPositionIndependent },
            Today with { VdsoSize = new((64 << 10) + Page) }, Today with { HeapSize = new((16 << 20) + Page) },
            Today with { MappingSize = new((8 << 20) + Page) },
        ];
        Assert.All(promised, request => Assert.True(AslrSpec.MayBeAsked(request)));
        Assert.All(beyond, request => Assert.False(AslrSpec.MayBeAsked(request)));
    }

    /// <summary>Two CPUs never have one place for their entry areas.</summary>
    [Fact]
    public void The_second_entry_area_has_one_place_less()
    {
        ulong first = EntropySpec.CountOf(Today, LayoutRegion.EntryArea);
        Assert.Equal(first - 1, EntropySpec.CountOf(Today, LayoutRegion.SecondEntryArea));
    }

    [Theory]
    [InlineData(AddressSpaceKind.Bits64, 18, 1UL << 28, 1UL << 22, 1UL << 18, 513)]
    [InlineData(AddressSpaceKind.Bits64, 8, 1UL << 28, 1UL << 22, 1UL << 13, 513)]
    [InlineData(AddressSpaceKind.Bits32, 18, 1UL << 8, 1UL << 11, 1UL << 13, 513)]
    [InlineData(AddressSpaceKind.Bits32Of3GiB, 18, 1UL << 8, 1UL << 11, 1UL << 13, 513)]
    public void The_entropies_are_those_of_the_kernels_documents(
        AddressSpaceKind kind, int minor, ulong mmap, ulong stack, ulong heap, ulong pointer)
    {
        var request = Today with
        {
            Kind = kind,
            Kernel = new(6, (byte)minor),
            MmapBits = (byte)(kind == AddressSpaceKind.Bits64 ? 28 : 8),
        };
        Assert.Equal(mmap, EntropySpec.CountOf(request, LayoutRegion.Mmap));
        Assert.Equal(mmap, EntropySpec.CountOf(request, LayoutRegion.Mapping));
        Assert.Equal(stack, EntropySpec.CountOf(request, LayoutRegion.Stack));
        Assert.Equal(heap, EntropySpec.CountOf(request, LayoutRegion.Brk));
        Assert.Equal(pointer, EntropySpec.CountOf(request, LayoutRegion.StackPointer));
        Assert.Equal(1UL, EntropySpec.CountOf(request with { Level = AslrLevel.WithoutHeap }, LayoutRegion.Brk));
        Assert.Equal(1UL, EntropySpec.CountOf(request with { Level = AslrLevel.Off }, LayoutRegion.Mmap));
    }

    /// <summary>Nine bits fewer for a mapping of whole large pages, and one place for the ends.</summary>
    [Fact]
    public void A_large_mapping_has_nine_bits_fewer()
    {
        var large = Today with { MappingSize = new(2UL << 20) };
        Assert.InRange(EntropySpec.CountOf(large, LayoutRegion.Mapping), 1UL << 19, (1UL << 19) + 1);
        var of32 = large with { Kind = AddressSpaceKind.Bits32, MmapBits = 8 };
        Assert.Equal(1UL << 8, EntropySpec.CountOf(of32, LayoutRegion.Mapping));
    }

    [Fact]
    public void Five_levels_change_nothing()
    {
        var request = Today with { Draws = new AslrMachine().Draw(5) };
        Assert.Equal(Both(request), Both(request with { HasFiveLevels = true }));
    }

    /// <summary>The kernel counts no page for what it leaves out above the stack pointer: it can be two.</summary>
    [Fact]
    public void The_guard_of_the_lowest_stack_lacks_two_pages()
    {
        LayoutDraws lowest = new() { Stack = new(ulong.MaxValue), StackPointer = new(8191) };
        var layout = Both(Today with { Draws = lowest });
        ulong stackEnd = AslrFormat.StackEnd(layout.StackPointer).Value;
        Assert.Equal(AslrFormat.Guard - 2 * Page, stackEnd - Today.StackLimit.Value - layout.MmapBase.Value);
    }

    private static AddressSpaceLayout Both(LayoutRequest request)
    {
        var layout = LayoutPlacer.Place(request);
        Assert.Equal(AslrSpec.Next(request), layout);
        Assert.Null(LayoutSpec.Refusal(request, layout));
        return layout;
    }
}
