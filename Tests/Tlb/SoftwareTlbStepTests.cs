using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>What single instructions of a software-filled TLB do beside what they answer.</summary>
[InLane("tlb")]
[InLane("softtlb")]
public sealed class SoftwareTlbStepTests
{
    private const ulong Page = 0x40_0000;
    private const ulong Valid = 0x1F;

    public static TheoryData<string> Instructions => [.. All.Keys];

    private static readonly Dictionary<string, Action<SoftwareTlb>> All = new()
    {
        ["DMTC0"] = tlb => tlb.Write(SoftwareTlbRegister.EntryLo0, 0),
        ["DMFC0"] = tlb => tlb.Read(SoftwareTlbRegister.EntryLo0),
        ["TLBP"] = tlb => tlb.Probe(),
        ["TLBR"] = tlb => tlb.ReadEntry(),
        ["TLBWI"] = tlb => tlb.WriteIndexed(),
        ["TLBWR"] = tlb => tlb.WriteRandom(),
        ["ERET"] = tlb => tlb.ReturnFromException(),
        ["a load"] = tlb => tlb.Access(0, AccessKind.Read, ProcessorMode.Kernel),
    };

    /// <summary>Random goes down with each instruction, and from the wired entries to the last.</summary>
    [Theory]
    [MemberData(nameof(Instructions))]
    public void Each_instruction_is_one_step_of_Random(string name)
    {
        const int Entries = 16, Wired = 3;
        SoftwareTlb tlb = new();
        tlb.Reset(Entries);
        tlb.Write(SoftwareTlbRegister.Wired, Wired);
        ulong before = tlb.Read(SoftwareTlbRegister.Random).Value.Value;
        for (int step = 0; step < 20; step++)
        {
            All[name](tlb);
            ulong after = tlb.Read(SoftwareTlbRegister.Random).Value.Value;
            Assert.Equal((before - Wired + 2 * (Entries - Wired) - 2) % (Entries - Wired) + Wired, after);
            before = after;
        }
    }

    [Fact]
    public void Behind_the_last_entry_nothing_is_written()
    {
        const int Entries = 5;
        SoftwareTlb tlb = new();
        tlb.Reset(Entries);
        tlb.Write(SoftwareTlbRegister.EntryHi, Page);
        tlb.Write(SoftwareTlbRegister.EntryLo0, Valid);
        tlb.Write(SoftwareTlbRegister.EntryLo1, Valid);
        tlb.Write(SoftwareTlbRegister.Index, Entries);
        tlb.WriteIndexed();
        Assert.Equal(
            SoftwareTlbAnswerKind.Exception, tlb.Access(Page, AccessKind.Read, ProcessorMode.Kernel).Kind);
        tlb.ReturnFromException();
        tlb.Write(SoftwareTlbRegister.Index, Entries - 1);
        tlb.WriteIndexed();
        Assert.Equal(
            SoftwareTlbAnswerKind.Translated, tlb.Access(Page, AccessKind.Read, ProcessorMode.Kernel).Kind);
    }

    /// <summary>TLBP compares region, VPN2 and ASID, and not the bits between them, which mean nothing.</summary>
    [Fact]
    public void An_entry_that_was_never_written_is_found_by_its_pair_alone()
    {
        SoftwareTlb tlb = new();
        tlb.Reset(8);
        tlb.Write(SoftwareTlbRegister.EntryHi, SoftwareTlb.Unmapped(3) | 1UL << 45);
        Assert.Equal(3UL, tlb.Probe().Value.Value);
        tlb.Write(SoftwareTlbRegister.EntryHi, SoftwareTlb.Unmapped(3) | 1);
        Assert.Equal(1UL << 31, tlb.Probe().Value.Value);
    }

    /// <summary>The first access to a page traps once, and the next not at all.</summary>
    [Theory]
    [InlineData(AccessKind.Read, 1)]
    [InlineData(AccessKind.Write, 2)]
    public void What_a_kernel_has_filled_traps_no_more(AccessKind kind, int traps)
    {
        using SoftwareTlbKernelMachine machine = new();
        SoftwareTlbKernelCommand access = new()
        {
            Kind = SoftwareTlbKernelCommandKind.Access,
            Page = new(1),
            Access = kind,
        };
        SoftwareTlbKernelCommand map = new()
        {
            Kind = SoftwareTlbKernelCommandKind.Map,
            Page = new(1),
            Frame = new(5),
            Writable = true,
        };
        var answers = new SoftwareTlbKernelAnswer[4];
        machine.Run(new(Entries: 8, Wired: 0, Asids: 2, Processes: 1), [map, access, access, access], answers);
        Assert.Equal([traps, 0, 0], answers[1..].Select(answer => answer.Traps));
    }
}
