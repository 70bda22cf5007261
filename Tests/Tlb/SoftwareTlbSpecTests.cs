using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>What the R4000 manual says, as examples: a few commands, and what the last of them must answer.</summary>
[InLane("tlb")]
[InLane("softtlb")]
public sealed class SoftwareTlbSpecTests
{
    private const string Undefined = "anything";
    private const string Write = "dmtc0 EntryHi ";

    // Pair 0x4000 of ASID 5: frame 0x10 even, which may be written, and frame 0x11 odd, which may not.
    private const string Small = "fill 0x4005 0x41e 0x45a 0x0; " + Write + "0x5; ";

    // The same in pages of 16 KiB, at 0x8000.
    private const string Large = "fill 0x8005 0x41e 0x51a 0x6000; " + Write + "0x5; ";
    private const string GlobalPair = "fill 0x4005 0x41f 0x45b 0x0; " + Write + "0x6; ";

    [Theory]
    // 4.3: the pair, its halves, the frame and the offset.
    [InlineData(Small + "access Read 0x4abc User", "0x10abc, cache algorithm 3")]
    [InlineData(Small + "access Read 0x5abc User", "0x11abc, cache algorithm 3")]
    [InlineData(Small + "access Write 0x4000 User", "0x10000, cache algorithm 3")]
    [InlineData(Large + "access Read 0xabcd User", "0x12bcd, cache algorithm 3")]
    [InlineData(Large + "access Fetch 0xfffc User", "0x17ffc, cache algorithm 3")]
    [InlineData("fill 0x5 0x1c003f 0x20003b 0x1ffe000; access Read 0x1234567 User", "0x8234567, cache algorithm 7")]
    // The ASID is compared, unless both halves are global.
    [InlineData(Small + Write + "0x6; access Read 0x4abc User", "exception Load, vector 0x80")]
    [InlineData(GlobalPair + "access Read 0x4abc User", "0x10abc, cache algorithm 3")]
    [InlineData("fill 0x4005 0x41f 0x45a 0x0; " + Write + "0x6; access Read 0x4abc User",
        "exception Load, vector 0x80")]
    // The region and every bit of VPN2 are compared.
    [InlineData(Small + "access Read 0x4000000000004abc Supervisor", "exception Load, vector 0x80")]
    [InlineData(Small + "access Read 0x8000004abc User", "exception Load, vector 0x80")]
    [InlineData(Small + "access Read 0x6abc User", "exception Load, vector 0x80")]
    // Chapter 5: refill, invalid, modified, and where they go.
    [InlineData("access Write 0x4000 User", "exception Store, vector 0x80")]
    [InlineData("access Fetch 0x4000 User", "exception Load, vector 0x80")]
    [InlineData("access Read 0x4000 User; access Write 0x8000 User", "exception Store, vector 0x180")]
    [InlineData("access Read 0x4000 User; eret; access Write 0x8000 User", "exception Store, vector 0x80")]
    [InlineData("fill 0x4005 0x41c 0x45a 0x0; access Read 0x4000 User", "exception Load, vector 0x180")]
    [InlineData("fill 0x4005 0x41c 0x45a 0x0; access Write 0x4000 User", "exception Store, vector 0x180")]
    [InlineData(Small + "access Write 0x5000 User", "exception Modified, vector 0x180")]
    // 4.2: the segments.
    [InlineData("access Read 0xffffffffff User", "exception Load, vector 0x80")]
    [InlineData("access Read 0x10000000000 User", "exception AddressLoad, vector 0x180")]
    [InlineData("access Write 0x10000000000 Kernel", "exception AddressStore, vector 0x180")]
    [InlineData("access Read 0x4000000000000000 User", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0x400000ffffffffff Supervisor", "exception Load, vector 0x80")]
    [InlineData("access Read 0x4000010000000000 Kernel", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0x8000000000000000 Supervisor", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0x9800000fffffffff Kernel", "0xfffffffff, cache algorithm 3")]
    [InlineData("access Read 0x9000001000000000 Kernel", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0x9400000000000000 Kernel", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0xbfffffffffffffff Kernel", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0xc000000000000000 Supervisor", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0xc000000000000000 Kernel", "exception Load, vector 0x80")]
    [InlineData("access Read 0xc00000ff7fffffff Kernel", "exception Load, vector 0x80")]
    [InlineData("access Read 0xc00000ff80000000 Kernel", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0xffffffff7fffffff Kernel", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0xffffffff80001234 Kernel", "0x1234, cache algorithm 3")]
    [InlineData("access Read 0xffffffff9fffffff Kernel", "0x1fffffff, cache algorithm 3")]
    [InlineData("access Read 0xffffffffa0001234 Kernel", "0x1234, cache algorithm 2")]
    [InlineData("access Read 0xffffffffbfffffff Kernel", "0x1fffffff, cache algorithm 2")]
    [InlineData("access Read 0xffffffff80001234 Supervisor", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0xffffffffa0001234 Supervisor", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0xffffffffc0000000 Supervisor", "exception Load, vector 0x80")]
    [InlineData("access Read 0xffffffffdfffffff User", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0xffffffffe0000000 Supervisor", "exception AddressLoad, vector 0x180")]
    [InlineData("access Read 0xffffffffffffffff Kernel", "exception Load, vector 0x80")]
    // EXL is kernel mode.
    [InlineData("access Read 0x0 User; access Read 0xffffffff80001234 User", "0x1234, cache algorithm 3")]
    [InlineData("access Read 0x0 User; eret; access Read 0xffffffff80001234 User",
        "exception AddressLoad, vector 0x180")]
    // Two entries that match: the TLB shuts down, and stays so.
    [InlineData(Small + "twice; access Read 0x4abc User", "the TLB is shut down")]
    [InlineData(Small + "twice; " + Write + "0x4005; tlbp", "the TLB is shut down")]
    [InlineData(Small + "twice; access Read 0x6abc User", "exception Load, vector 0x80")]
    public void An_access_answers(string commands, string answer) =>
        Assert.Equal($"the answer is: {answer}", Demand(commands));

    [Theory]
    [InlineData("access Write 0x4000000000005abc Supervisor; dmfc0 EntryHi", "0x4000000000004000")]
    [InlineData(Write + "0x77; access Read 0x5abc User; dmfc0 EntryHi", "0x4077")]
    [InlineData("access Read 0x5abc User; dmfc0 BadVAddr", "0x5abc")]
    [InlineData("access Read 0x10000005abc User; dmfc0 BadVAddr", "0x10000005abc")]
    [InlineData("dmtc0 XContext 0xfffffffe00000000; access Read 0x400000fedcba9876 Supervisor; dmfc0 XContext",
        "0xfffffffeff6e5d40")]
    [InlineData("dmtc0 XContext 0x1fffffff0; dmfc0 XContext", "0x0")]
    [InlineData("access Read 0x6000 User; dmtc0 XContext 0x200000000; dmfc0 XContext", "0x200000030")]
    [InlineData("dmtc0 Wired 0x3; dmfc0 Wired", "0x3")]
    [InlineData("dmtc0 PageMask 0x6000; dmfc0 PageMask", "0x6000")]
    [InlineData("dmtc0 Index 0x2; dmfc0 Index", "0x2")]
    [InlineData("dmtc0 EntryLo0 0x3fffffff; dmfc0 EntryLo0", "0x3fffffff")]
    [InlineData("dmtc0 EntryLo1 0x12345678; dmfc0 EntryLo1", "0x12345678")]
    // TLBR gives back what was written, with G as it is of the entry.
    [InlineData("fill 0x4005 0x41f 0x45a 0x0; tlbr; dmfc0 EntryLo0", "0x41e")]
    [InlineData("fill 0x4005 0x41f 0x45a 0x0; tlbr; dmfc0 EntryLo1", "0x45a")]
    [InlineData(GlobalPair + "tlbp; dmtc0 Index 0x3; tlbr; dmfc0 EntryLo0", "0x41f")]
    [InlineData(GlobalPair + "dmtc0 Index 0x3; tlbr; dmfc0 EntryHi", "0x4005")]
    [InlineData(Large + "dmtc0 PageMask 0x0; dmtc0 Index 0x3; tlbr; dmfc0 PageMask", "0x6000")]
    // What an exception has left undefined stays as it has been read.
    [InlineData("access Read 0x10000000000 User; dmfc0 EntryHi; dmfc0 EntryHi", "0x0")]
    [InlineData("access Read 0x10000006000 User; dmfc0 EntryHi; dmfc0 EntryHi", "0x6000")]
    [InlineData("access Read 0x10000006000 User; dmfc0 XContext; dmfc0 XContext", "0x30")]
    [InlineData("dmtc0 EntryLo0 0x12345678; access Read 0x0 User; dmfc0 EntryLo0; dmfc0 EntryLo0", "0x12345678")]
    [InlineData("dmtc0 EntryLo1 0x2345678; access Read 0x0 User; dmfc0 EntryLo1; dmfc0 EntryLo1", "0x2345678")]
    public void A_register_holds(string commands, string word)
    {
        var (state, last) = Before(commands);
        ulong value = Convert.ToUInt64(word, 16);
        Assert.Null(SoftwareTlbSpec.Follow(state, last, Valued(value)).Refusal);
        Assert.All(Enumerable.Range(0, 64), bit => Assert.Equal(
            $"the register holds {word}", SoftwareTlbSpec.Follow(state, last, Valued(value ^ 1UL << bit)).Refusal));
    }

    [Theory]
    [InlineData(Small + Write + "0x4005; tlbp", "the answer is: 0x3")]
    [InlineData(Small + Write + "0x4006; tlbp", "no entry matches")]
    [InlineData(Large + Write + "0xe005; tlbp", "the answer is: 0x3")]
    [InlineData(Small + Write + "0x4005; tlbp; write-probed", "the answer is: 0x3")]
    [InlineData("tlbp; write-probed", "entries 0 to 3 can be written at random")]
    [InlineData("dmtc0 Wired 0x2; tlbwr", "entries 2 to 3 can be written at random")]
    [InlineData(Small + "dmtc0 Index 0x3; tlbr", "the entry is of 0x4005")]
    [InlineData("dmtc0 EntryHi 0x0; tlbwi", "the answer is: done")]
    [InlineData("eret", "the answer is: done")]
    [InlineData(Small + "twice; access Read 0x4abc User; eret", "the TLB is shut down until a reset")]
    public void A_command_demands(string commands, string refusal) => Assert.Equal(refusal, Demand(commands));

    /// <summary>What software must not do, after which nothing is demanded.</summary>
    [Theory]
    [InlineData("dmtc0 Index 0x4; tlbwi")]
    [InlineData("dmtc0 Index 0x4; tlbr")]
    [InlineData("dmtc0 Index 0x4; write-probed")]
    [InlineData("dmtc0 EntryHi 0x100")]
    [InlineData("dmtc0 Index 0x40")]
    [InlineData("dmtc0 Wired 0x4")]
    [InlineData("dmtc0 Random 0x1")]
    [InlineData("dmtc0 BadVAddr 0x1")]
    [InlineData("dmtc0 EntryLo0 0x40000000")]
    [InlineData("dmtc0 XContext 0x8")]
    [InlineData("dmtc0 PageMask 0x1000")]
    [InlineData("dmtc0 PageMask 0x2000; tlbwi")]
    [InlineData("dmtc0 PageMask 0x2000000")]
    [InlineData("dmtc0 PageMask 0x6000; dmtc0 EntryLo0 0x40; tlbwi")]
    [InlineData("dmtc0 PageMask 0x6000; dmtc0 EntryLo1 0x80; tlbwi")]
    [InlineData("access Read 0x0 User; tlbwi")]
    [InlineData("access Read 0x0 User; dmtc0 EntryLo0 0x0; tlbwi")]
    [InlineData("access Read 0x10000000000 User; tlbp")]
    [InlineData("access Read 0x10000000000 User; dmtc0 EntryLo0 0x0; dmtc0 EntryLo1 0x0; tlbwi")]
    public void What_software_must_not_do_leaves_everything_open(string commands)
    {
        Assert.Equal(Undefined, Demand(commands));
        Assert.Equal(Undefined, Demand(commands + "; dmfc0 Index"));
    }

    /// <summary>Bit by bit: what is a field may be written, and nothing else.</summary>
    [Theory]
    [InlineData("Index", 0x8000_003F)]
    [InlineData("Random", 0)]
    [InlineData("EntryLo0", 0x3FFF_FFFF)]
    [InlineData("EntryLo1", 0x3FFF_FFFF)]
    [InlineData("PageMask", 0x01FF_E000)]
    [InlineData("Wired", 0x3)]
    [InlineData("BadVAddr", 0)]
    [InlineData("EntryHi", 0xC000_00FF_FFFF_E0FF)]
    [InlineData("XContext", 0xFFFF_FFFF_FFFF_FFF0)]
    public void A_register_has_fields(string register, ulong fields) =>
        Assert.All(Enumerable.Range(0, 64), bit => Assert.Equal(
            (fields >> bit & 1) == 0,
            Demand($"dmtc0 {register} 0x{1UL << bit:x}") == Undefined));

    [Theory]
    // Undefined registers may show anything that their fields can hold.
    [InlineData("access Read 0x0 User; dmfc0 EntryLo0", 0x3FFF_FFFF, true)]
    [InlineData("access Read 0x0 User; dmfc0 EntryLo1", 0x2AAA_AAAA, true)]
    [InlineData("access Read 0x0 User; dmfc0 EntryLo0", 0x4000_0000, false)]
    [InlineData(Write + "0x5; access Read 0x10000000000 User; dmfc0 EntryHi", 0xC000_0000_0000_2005, true)]
    [InlineData(Write + "0x5; access Read 0x10000000000 User; dmfc0 EntryHi", 0xC000_0000_0000_2004, false)]
    [InlineData(Write + "0x5; access Read 0x10000000000 User; dmfc0 EntryHi", 0x105, false)]
    [InlineData("dmtc0 XContext 0x200000000; access Read 0x10000000000 User; dmfc0 XContext", 0x3_FFFF_FFF0, true)]
    [InlineData("dmtc0 XContext 0x200000000; access Read 0x10000000000 User; dmfc0 XContext", 0x1_FFFF_FFF0, false)]
    [InlineData("access Read 0x0 User; dmtc0 XContext 0x200000000; dmfc0 XContext", 0x2_0000_0010, false)]
    [InlineData("access Read 0x10000000000 User; access Read 0x0 User; dmfc0 XContext", 0x10, false)]
    // Random is anything that is not wired.
    [InlineData("dmtc0 Wired 0x2; dmfc0 Random", 2, true)]
    [InlineData("dmtc0 Wired 0x2; dmfc0 Random", 3, true)]
    [InlineData("dmtc0 Wired 0x2; dmfc0 Random", 1, false)]
    [InlineData("dmtc0 Wired 0x2; dmfc0 Random", 4, false)]
    [InlineData("dmtc0 Wired 0x2; tlbwr", 2, true)]
    [InlineData("dmtc0 Wired 0x2; tlbwr", 3, true)]
    [InlineData("dmtc0 Wired 0x2; tlbwr", 1, false)]
    [InlineData("dmtc0 Wired 0x2; tlbwr", 4, false)]
    // A probe in vain sets P, and may leave anything as the place.
    [InlineData("tlbp", 0x8000_0000, true)]
    [InlineData("tlbp", 0x8000_003F, true)]
    [InlineData("tlbp", 0x3F, false)]
    [InlineData("tlbp", 0x8000_0040, false)]
    // TLBR may clear the bits of VPN2 that the size hides, or keep them, but no single ones.
    [InlineData("fill 0xe005 0x41e 0x51a 0x6000; tlbr", 0xE005, true)]
    [InlineData("fill 0xe005 0x41e 0x51a 0x6000; tlbr", 0x8005, true)]
    [InlineData("fill 0xe005 0x41e 0x51a 0x6000; tlbr", 0xA005, false)]
    [InlineData("fill 0xe005 0x41e 0x51a 0x6000; tlbr", 0xE004, false)]
    [InlineData("fill 0xe005 0x41e 0x51a 0x6000; tlbr", 0x5, false)]
    public void What_is_left_open_may_show(string commands, ulong value, bool permitted)
    {
        var (state, last) = Before(commands);
        var answer = Valued(value);
        Assert.Equal(permitted, SoftwareTlbSpec.Follow(state, last, answer).State is not null);
        var strange = answer with { Cacheability = 1 };
        Assert.Null(SoftwareTlbSpec.Follow(state, last, strange).State);
        Assert.Null(SoftwareTlbSpec.Follow(state, last, answer with { Kind = SoftwareTlbAnswerKind.Done }).State);
    }

    // Without an answer the Spec says what it wants; where it wants nothing, none is as good as any.
    private static string Demand(string commands)
    {
        var (state, last) = Before(commands);
        return SoftwareTlbSpec.Follow(state, last, default).Refusal ?? Undefined;
    }

    // All commands but the last, as our processor answers them. A pair is filled into entry 3 of four.
    private static (SoftwareTlbState State, SoftwareTlbCommand Last) Before(string commands)
    {
        string text = string.Join('\n', commands.Split("; ").Select(Expanded));
        Assert.True(SoftwareTlbText.TryParse($"entries 4\n{text}", out var sequence, out string? reason), reason);
        var answers = new SoftwareTlbAnswer[sequence.Commands.Length];
        new SoftwareTlbMachine().Run(4, sequence.Commands.AsSpan(), answers);
        var state = SoftwareTlbSpec.Begin(4);
        for (int index = 0; index < answers.Length - 1; index++)
        {
            var step = SoftwareTlbSpec.Follow(state, sequence.Commands[index], answers[index]);
            Assert.True(step.State is not null, $"{sequence.Commands[index]}: {step.Refusal}");
            state = step.State;
        }

        return (state, sequence.Commands[^1]);
    }

    private static SoftwareTlbAnswer Valued(ulong value) =>
        new() { Kind = SoftwareTlbAnswerKind.Value, Value = new(value) };

    private static string Expanded(string command) => command.Split(' ') switch
    {
        ["fill", var pair, var even, var odd, var size] =>
            $"dmtc0 EntryHi {pair}\ndmtc0 EntryLo0 {even}\ndmtc0 EntryLo1 {odd}\ndmtc0 PageMask {size}\n"
            + "dmtc0 Index 0x3\ntlbwi",
        ["twice"] => "dmtc0 EntryHi 0x4005\ndmtc0 Index 0x1\ntlbwi",
        _ => command,
    };
}
