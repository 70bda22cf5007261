using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>What the front array serves, and what empties it: seen by where answers come from.</summary>
[InLane("tlb")]
public sealed class FrontArrayTests
{
    // All are user pages: three small ones from 0, and a large one from page 512.
    private const string Start = "cpus 1\ncontrol wp nxe smap pke pge pcide cr3=0x1001 memory=0x10000\n"
        + "word 0x1000=0x2007\nword 0x2000=0x3007\nword 0x3000=0x4007\nword 0x3008=0x200087\n"
        + "word 0x4000=0x5007\nword 0x4008=0x6007\nword 0x4010=0x7007\n";

    [Theory]
    // A repeated access is served by the front, each kind and mode for itself.
    [InlineData("r0 r0 r0", "WFF")]
    [InlineData("r0 s0 r0", "W.W")]
    [InlineData("r0 a0 a0 s0", "W1F.")]
    [InlineData("r0 w0 w0 r0 r0", "WWF1F")]
    [InlineData("w0 r0 r0 w0", "W1FF")]
    [InlineData("x0 x0 r0 r0", "WF2F")]
    // Two pages that share a slot take turns.
    [InlineData("r0 r2 r0 r2", "WW11")]
    [InlineData("r0 r1 r0 r1", "WWFF")]
    // A large page is served by parts, and forgotten as a whole.
    [InlineData("r512 r513 r512 r513", "W1FF")]
    [InlineData("r512 r513 invlpg:512 r513", "W1.W")]
    [InlineData("r0 r513 invlpg:512 r0", "WW.1")]
    // A small page is forgotten alone, of whichever kind of access.
    [InlineData("r0 r1 x0 invlpg:0 r1 r0 x0", "WW2.FW2")]
    // Every change of what an access is judged by leaves the TLBs, and empties the front.
    [InlineData("r0 cr0 r0 r0", "W.1F")]
    [InlineData("r0 cr4 r0 r0", "W.1F")]
    [InlineData("r0 pkru r0 r0", "W.1F")]
    [InlineData("r0 cr3 r0 r0", "W.1F")]
    // Other PCIDs are flushed, and the front may lose what it need not.
    [InlineData("r0 invpcid r0", "W.1")]
    public void Answers_come_from(string steps, string sources) =>
        Assert.Equal(sources, SourcesOf(new(Small), CommandsOf(steps)));

    /// <summary>The generations of the front come round, and find nothing of an earlier round.</summary>
    [Theory]
    [InlineData(4094)]
    [InlineData(4095)]
    [InlineData(4096)]
    public void Numbers_of_generations_that_come_again_serve_nothing(int changes)
    {
        var commands = CommandsOf("r0 cr0 r0");
        TlbCommand[] many = [commands[0], .. Enumerable.Repeat(commands[1], changes), commands[2]];
        Assert.Equal("W1", SourcesOf(new(Small), many).Replace(".", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_number_of_slots_that_is_no_power_of_two_is_refused(int slots)
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(
            () => new TlbMachine(new() { FrontSlots = slots }));
        Assert.Contains($"{slots} slots", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_front_the_first_level_serves() =>
        Assert.Equal("W11", SourcesOf(new(Small with { FrontSlots = 0 }), CommandsOf("r0 r0 r0")));

    private static TlbGeometry Small => new() { FrontSlots = 2 };

    private static string SourcesOf(TlbMachine machine, TlbCommand[] commands)
    {
        Assert.True(TlbText.TryParse(Start, out var start, out string? reason), reason);
        var answers = new TlbAnswer[commands.Length];
        machine.Run(start.Start, commands, answers);
        return string.Concat(answers.Select(LetterOf));
    }

    // r, w, x: user accesses to a page; s and a: supervisor reads without and with AC; others change registers.
    private static TlbCommand[] CommandsOf(string steps)
    {
        var lines = steps.Split(' ').Select(step => "cpu 0: " + step switch
        {
            "cr0" => "mov cr0 0x10000",
            "cr3" => "mov cr3 0x8000000000001001",
            "cr4" => "mov cr4 0x6200a0",
            "pkru" => "wrpkru 0x0",
            "invpcid" => "invpcid type=1 pcid=0x2 address=0x0",
            ['i', ..] => $"invlpg 0x{int.Parse(step.Split(':')[1]) << 12:x}",
            _ => AccessLine(step),
        });
        Assert.True(TlbText.TryParse(Start + string.Join('\n', lines), out var read, out string? reason), reason);
        return [.. read.Commands];
    }

    private static string AccessLine(string step)
    {
        string kind = step[0] switch { 'w' => "Write", 'x' => "Fetch", _ => "Read" };
        string mode = step[0] switch { 's' => "cpl=0", 'a' => "cpl=0 ac", _ => "cpl=3" };
        return $"access {kind} address=0x{int.Parse(step[1..]) << 12:x} {mode}";
    }

    private static char LetterOf(TlbAnswer answer) => answer.Outcome.Kind != OutcomeKind.Translated
        ? '.'
        : answer.Source switch
        {
            TlbSource.Front => 'F',
            TlbSource.FirstLevel => '1',
            TlbSource.SecondLevel => '2',
            _ => 'W',
        };
}
