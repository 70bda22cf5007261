using PageProof.Contract;
using PageProof.Contract.Reclaim;
using PageProof.Implementation;
using PageProof.Implementation.Reclaim;
using PageProof.Spec;
using PageProof.Spec.Reclaim;

namespace PageProof.Tests.Reclaim;

/// <summary>Strings whose outcome the books print, and the diagram of two lists edge by edge.</summary>
[InLane("reclaim")]
public sealed class PolicyExampleTests
{
    // Silberschatz, Galvin and Gagne, Operating System Concepts, 10th ed., 10.4.2 to 10.4.4.
    private static readonly ulong[] OfTheBook = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];

    [Theory]
    [InlineData(ReplacementKind.Fifo, 15)]
    [InlineData(ReplacementKind.Opt, 9)]
    [InlineData(ReplacementKind.Lru, 12)]
    public void The_string_of_the_book_misses_as_often_as_it_says(ReplacementKind kind, int misses) =>
        Assert.All((ISystem[])[new SpecSystem(), new ImplementationSystem()], system =>
            Assert.Equal(misses, Answers(system, kind, 3, OfTheBook).Count(Misses)));

    [Fact]
    public void More_frames_make_fifo_worse_on_beladys_string_and_lru_never()
    {
        ulong[] pages = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
        ImplementationSystem system = new();
        Assert.Equal(9, Answers(system, ReplacementKind.Fifo, 3, pages).Count(Misses));
        Assert.Equal(10, Answers(system, ReplacementKind.Fifo, 4, pages).Count(Misses));
        Assert.Equal(10, Answers(system, ReplacementKind.Lru, 3, pages).Count(Misses));
        Assert.Equal(8, Answers(system, ReplacementKind.Lru, 4, pages).Count(Misses));
    }

    [Fact]
    public void The_two_clocks_differ_in_what_a_single_use_is_worth()
    {
        // Page 1 is used again; with the bit set on load that tells nothing.
        ulong[] pages = [1, 2, 1, 3];
        ImplementationSystem system = new();
        Assert.Equal(new PageNumber(1), Answers(system, ReplacementKind.Clock, 2, pages)[^1].Victim);
        Assert.Equal(new PageNumber(2), Answers(system, ReplacementKind.ClockClear, 2, pages)[^1].Victim);
    }

    /// <summary>Then the one that has waited longest goes.</summary>
    [Fact]
    public void What_comes_after_all_that_was_foreseen_is_taken_for_the_end()
    {
        Reference[] references = [.. new ulong[] { 1, 2, 3, 1, 2 }.Select(Read)];
        Assert.All((ISystem[])[new SpecSystem(), new ImplementationSystem()], system =>
        {
            var answers = new ReferenceAnswer[references.Length];
            using var door = system.OpenPolicies()!;
            door.Reset(new(ReplacementKind.Opt, 2, 1, 0, 0), references.AsSpan(0, 2));
            door.Refer(references, answers);
            Assert.Equal([1UL, 2UL, 3UL], answers[2..].Select(answer => answer.Victim.Value));
        });
    }

    /// <summary>Each edge of the diagram, with the standing of page 1 after it.</summary>
    [Fact]
    public void A_page_of_two_lists_goes_along_every_edge()
    {
        ReplacementSettings settings = new(ReplacementKind.TwoList, 3, 1, 0, 1);
        var state = TwoListLruSpec.Begin(settings);
        state = Use(state, 1, 2, 3);
        Assert.Equal(PageStanding.Cold, state.Pages[new(1)].Standing);
        state = Look(state, 1, PageStanding.Cold, PageStanding.Cool);
        state = Look(Look(state, 2, PageStanding.Cold, PageStanding.Cool), 3, PageStanding.Cold, PageStanding.Cool);
        state = Look(state, 1, PageStanding.Cool, PageStanding.Cold);
        state = Look(Use(state, 2, 3), 2, PageStanding.Cool, PageStanding.Warm);
        state = Look(state, 3, PageStanding.Cool, PageStanding.Warm);
        Assert.True(state.IsInactiveLow);
        state = Look(Use(state, 2), 2, PageStanding.Warm, PageStanding.Hot);
        state = Look(Use(state, 3), 3, PageStanding.Warm, PageStanding.Hot);
        state = Look(Use(state, 2), 2, PageStanding.Hot, PageStanding.Hot);
        state = Look(state, 3, PageStanding.Hot, PageStanding.Warm);
        state = Look(state, 2, PageStanding.Hot, PageStanding.Warm);
        state = Look(state, 3, PageStanding.Warm, PageStanding.Cold);
        Assert.False(state.IsInactiveLow);
        state = Look(state, 1, PageStanding.Cold, PageStanding.None);
        Assert.Equal(2, state.Pages.Count);
    }

    /// <summary>The table of ratios in the comment of inactive_is_low: 1, 3, 10 and 31.</summary>
    [Fact]
    public void The_balance_of_two_lists_is_that_of_linux()
    {
        const int Gigabyte = 1 << 18;
        int[] frames = [2560, Gigabyte - 1, Gigabyte, 10 * Gigabyte];
        Assert.Equal([1, 1, 3, 10], frames.Select(TwoListLruSpec.RatioOf));
        Assert.Equal(31, TwoListLruSpec.RatioOf(100 * Gigabyte));
        for (int gigabytes = 0; gigabytes < 4096; gigabytes++)
        {
            Assert.Equal(TwoListLruSpec.RatioOf(gigabytes * Gigabyte), ListBalance.RatioOf(gigabytes * Gigabyte));
        }
    }

    private static Reference Read(ulong page) => new(new(page), ReferenceMask.Read);

    private static bool Misses(ReferenceAnswer answer) => answer.Outcome != ReferenceOutcome.Hit;

    private static ReferenceAnswer[] Answers(ISystem system, ReplacementKind kind, int frames, ulong[] pages)
    {
        Reference[] references = [.. pages.Select(Read)];
        var answers = new ReferenceAnswer[references.Length];
        using var door = system.OpenPolicies()!;
        door.Reset(new(kind, frames, 1, 0, 0), references);
        door.Refer(references, answers);
        return answers;
    }

    private static TwoListState Use(TwoListState state, params ReadOnlySpan<ulong> pages)
    {
        foreach (ulong page in pages)
        {
            state = (TwoListState)TwoListLruSpec.Next(state, new(new(page), ReferenceMask.Read)).State;
        }

        return state;
    }

    private static TwoListState Look(TwoListState state, ulong page, PageStanding from, PageStanding to)
    {
        var scan = TwoListLruSpec.Scan(state);
        Assert.Equal((new PageNumber(page), from, to), (scan.Page, scan.From, scan.To));
        return scan.State;
    }
}
