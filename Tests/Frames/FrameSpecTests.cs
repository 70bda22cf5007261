using System.Collections.Immutable;
using PageProof.Contract.Frames;
using PageProof.Spec.Frames;

namespace PageProof.Tests.Frames;

/// <summary>What the Spec of frames says of single answers and of counts.</summary>
[InLane("frames", SpecAlone = true)]
public sealed class FrameSpecTests
{
    private static readonly FrameStart Start = new(new(new(0), 8), [], 1, 0, 1, 1000, 1000);
    private static readonly FreeFrames Free = new([new(new(0), new(3))], [[]]);

    private static readonly ImmutableArray<FrameView> Views =
        [new() { Kind = FrameKind.Free, Order = new(3) }, .. new FrameView[Start.Frames.Count - 1]];

    private static readonly FrameState State =
        new(Start, [], [.. Enumerable.Repeat(false, Start.Frames.Count)], Free, 0);

    [Theory]
    [InlineData(1, 1, "aligned")]
    [InlineData(2, 1, "")]
    public void A_block_begins_at_a_multiple_of_its_size(int first, int order, string refusal) =>
        AssertAligned(State, first, order, refusal);

    [Fact]
    public void What_is_taken_is_not_given_out_again()
    {
        var taken = State.With(new(2), 2, true);
        AssertAligned(taken, 2, 1, "aligned");
        AssertAligned(taken, 4, 1, "");
    }

    /// <summary>E4: only a page of a file is named by a cache.</summary>
    [Theory]
    [InlineData(FrameKind.File, true)]
    [InlineData(FrameKind.Anonymous, false)]
    public void Only_a_page_of_a_file_is_cached(FrameKind use, bool holds) => Assert.Equal(
        holds, FrameCountSpec.Invariant(new(true, use, 1, Holds: 0, Mappings: 0, Pins: 0, Cached: true), 1000));

    [Fact]
    public void An_entry_that_leads_elsewhere_is_told_as_such()
    {
        FramesShown shown = new(Views, Free, [], [new(new(0, 5), new(1))], []);
        Assert.Equal("a page table leads elsewhere", OwnershipSpec.Refusal(State, shown));
    }

    // What is told of the rest is not looked at here: only whether the frame is refused.
    private static void AssertAligned(FrameState state, int first, int order, string refusal)
    {
        FrameCommand command = new()
        {
            Kind = FrameCommandKind.Allocate,
            Order = new((byte)order),
            Use = FrameKind.Anonymous,
        };
        FrameAnswer answer = new() { Outcome = FrameOutcome.Done, Frame = new(first) };
        string said = FrameSpec.Follow(state, command, answer, new(Views, Free, [], [], [])).Refusal ?? "";
        Assert.Equal(refusal.Length > 0, said.Contains("aligned", StringComparison.Ordinal));
    }
}
