using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>Nothing is kept from one sequence to the next: neither translations nor what leads to tables.</summary>
[InLane("tlb")]
public sealed class TlbResetTests
{
    // Address 0 by the page table at 0x4000, or, in the second, by the one at 0x5000; pages 0 and 1 of each.
    private const string Start = "cpus 1\ncontrol cr3=0x1000 memory=0x10000\nword 0x1000=0x2007\n";
    private const string First = Start + "word 0x2000=0x3007\nword 0x3000=0x4007\nword 0x4000=0x8007\n";
    private const string Second = Start + "word 0x2000=0x3007\nword 0x3000=0x5007\nword 0x5000=0x9007\n"
        + "word 0x5008=0xa007\n";

    [Theory]
    [InlineData("access Read address=0x0 cpl=0", 0x9000)]
    [InlineData("access Read address=0x1000 cpl=0", 0xA000)]
    public void What_was_cached_in_a_sequence_is_not_used_in_the_next(string access, ulong frame)
    {
        TlbMachine machine = new(new());
        Assert.Equal(0x8000u, Last(machine, First + "cpu 0: access Read address=0x0 cpl=0\n"));
        Assert.Equal(frame, Last(machine, Second + $"cpu 0: {access}\n"));
    }

    private static ulong Last(TlbMachine machine, string text)
    {
        Assert.True(TlbText.TryParse(text, out var sequence, out string? reason), reason);
        var answers = new TlbAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        return answers[^1].Outcome.Address.Value;
    }
}
