using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>What the arrays of our machine keep, and what they evict: seen by where answers come from.</summary>
[InLane("tlb")]
public sealed class TlbGeometryTests
{
    private const string Start = "cpus 1\ncontrol gbpages cr3=0x1000 memory=0x10000\n"
        + "word 0x1000=0x2003\nword 0x2000=0x3003\nword 0x2008=0x40000083\nword 0x3000=0x4003\nword 0x3008=0x600083\n";

    private static TlbGeometry Tiny(int firstWays, int secondWays) => TlbGeometry.Smallest with
    {
        Data = new(new(1, firstWays), new(1, firstWays), new(1, 1)),
        Second = new(1, secondWays),
    };

    [Theory]
    // A full set evicts in turn: first what came first, then what came second.
    [InlineData(2, 1, "0 1 0 1", "WWFF")]
    [InlineData(2, 1, "0 1 2 1 2", "WWWFF")]
    [InlineData(2, 1, "0 1 2 0", "WWWW")]
    [InlineData(2, 1, "0 1 2 3 2 3", "WWWWFF")]
    [InlineData(2, 1, "0 1 2 3 4 3 4", "WWWWWFF")]
    // A hole is filled before anything is evicted.
    [InlineData(2, 1, "0 1 w1 0 1", "WWWFF")]
    // More ways than are compared at once, and a number of ways that is no multiple of it.
    [InlineData(6, 1, "0 1 2 3 4 5 0 1 2 3 4 5", "WWWWWWFFFFFF")]
    [InlineData(6, 1, "0 1 2 3 4 5 6 5 1 6 0", "WWWWWWWFFFW")]
    // What the first level has evicted the second still has, and gives it back to the first.
    [InlineData(1, 4, "0 1 0 0 1 1", "WWSFSF")]
    [InlineData(1, 2, "0 1 2 0", "WWWW")]
    // Pages of both sizes share the second level and nothing else.
    [InlineData(1, 4, "0 512 0 512", "WWFF")]
    [InlineData(1, 4, "0 512 1024 512", "WWWS")]
    public void Answers_come_from(int firstWays, int secondWays, string pages, string sources)
    {
        TlbMachine machine = new(Tiny(firstWays, secondWays));
        Assert.Equal(sources, SourcesOf(machine, pages, AccessKind.Read));

        // The turns of eviction begin anew with each sequence.
        Assert.Equal(sources, SourcesOf(machine, pages, AccessKind.Read));
    }

    [Fact]
    public void Pages_of_two_sets_do_not_meet()
    {
        TlbGeometry twoSets = TlbGeometry.Smallest with { Data = new(new(2, 1), new(1, 1), new(1, 1)) };
        Assert.Equal("WWFFWFF", SourcesOf(new(twoSets), "0 1 0 1 2 1 2", AccessKind.Read));
    }

    [Fact]
    public void Pages_of_a_gibibyte_have_a_second_level_of_their_own() =>
        Assert.Equal("WWS", SourcesOf(new(TlbGeometry.Smallest), "0 262144 f0", AccessKind.Read));

    [Fact]
    public void A_write_by_an_entry_without_D_walks_once() =>
        Assert.Equal("WWFF", SourcesOf(new(new()), "0 w0 w0 0", AccessKind.Read));

    [Fact]
    public void Fetches_and_reads_fill_levels_of_their_own() =>
        Assert.Equal("WFSF", SourcesOf(new(new()), "0 0 r0 r0", AccessKind.Fetch));

    [Theory]
    [InlineData(3, 4)]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    [InlineData(4, 256)]
    public void A_shape_that_cannot_be_is_refused(int sets, int ways) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TlbMachine(new() { Second = new(sets, ways) }));

    [Theory]
    [InlineData(1, 255)]
    [InlineData(1024, 1)]
    public void Any_other_shape_is_taken(int sets, int ways) =>
        Assert.Equal("WF", SourcesOf(new(new() { Second = new(sets, ways) }), "0 0", AccessKind.Read));

    // Pages by number, from 512 on of 2 MiB and from 262144 of 1 GiB; a letter says which access it is.
    private static string SourcesOf(TlbMachine machine, string pages, AccessKind kind)
    {
        string text = Start;
        for (int page = 0; page < 8; page++)
        {
            text += $"word 0x{0x4000 + 8 * page:x}=0x{0x8003 + 0x1000 * page:x}\n";
        }

        text += "word 0x3010=0x800083\n";
        foreach (string page in pages.Split(' '))
        {
            var made = page[0] switch
            {
                'w' => AccessKind.Write,
                'r' => AccessKind.Read,
                'f' => AccessKind.Fetch,
                _ => kind,
            };
            text += $"cpu 0: access {made} address=0x{int.Parse(page.TrimStart('w', 'r', 'f')) << 12:x} cpl=0\n";
        }

        Assert.True(TlbText.TryParse(text, out var sequence, out string? reason), reason);
        var answers = new TlbAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        Assert.All(answers, answer => Assert.Equal(OutcomeKind.Translated, answer.Outcome.Kind));
        return string.Concat(answers.Select(answer => answer.Source.ToString()[0]));
    }
}
