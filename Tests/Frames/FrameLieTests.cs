using PageProof.Contract.Frames;
using PageProof.Properties.Frames;

namespace PageProof.Tests.Frames;

/// <summary>The law notices each single thing that is said wrong, whatever is done right.</summary>
[InLane("frames")]
public sealed class FrameLieTests
{
    private const int CasesMost = 300;
    private const ulong Seed = 5;

    private static readonly FrameLie[] All =
    [
        Ends(FrameOutcome.Done, FrameOutcome.Refused),
        Ends(FrameOutcome.Freed, FrameOutcome.Done),
        Ends(FrameOutcome.Refused, FrameOutcome.Done),
        Ends(FrameOutcome.Saturated, FrameOutcome.Refused),
        Ends(FrameOutcome.OutOfNodes, FrameOutcome.Refused),
        Ends(FrameOutcome.OutOfMemory, FrameOutcome.Refused),
        new("another frame") { Answer = (command, truth) => truth with { Frame = new(truth.Frame.Value + 1) } },
        new("another index") { Answer = (command, truth) => truth with { Index = truth.Index + 1 } },
        new("more of no use") { Answer = (command, truth) => truth with { Unusable = truth.Unusable + 1 } },
        new("a reference more") { View = view => view with { References = view.References + 1 } },
        new("references of zero") { View = view => view.Kind == FrameKind.Zero ? view with { References = 2 } : view },
        new("no pins") { View = view => view with { Pins = 0 } },
        new("no flags") { View = view => view with { Flags = view.Flags & FrameFlags.Cached } },
        new("no cache") { View = view => view with { Flags = view.Flags & ~FrameFlags.Cached } },
        new("another page") { View = view => view with { Page = default } },
        new("another content") { View = view => view with { Content = 0 } },
        new("kernel for table") { View = view => view.Kind == FrameKind.Table ? new() : view },
        new("nothing reserved") { View = view => view.Kind == FrameKind.Reserved ? new() : view },
        new("another order") { View = view => view with { Order = default } },
        new("no block of the free") { Free = blocks => blocks.Skip(1) },
        new("a block twice") { Free = blocks => blocks.Concat(blocks.Take(1)) },
        new("halves apart") { Free = blocks => blocks.SelectMany(Halves) },
        new("unaligned blocks")
        {
            Free = blocks => blocks.Select(block => block.Order.Value == 0
                ? block : block with { First = new(block.First.Value + 1) }),
        },
        new("kept by the next CPU") { Cpu = cpu => cpu + 1 },
        new("nothing kept") { Kept = (_, _) => [] },
        new("another place") { Place = place => place with { Page = place.Page + 1 } },
        new("another space") { Place = place => place with { Space = place.Space + 1 } },
        new("no entries") { Entry = _ => null },
        new("entries beside") { Entry = frame => new(frame.Value + 1) },
        new("no moves") { Moves = _ => [] },
        new("moves turned round")
        {
            Moves = moves => [.. moves.Select(move => new FrameMove(move.To, move.From))],
        },
        new("moves in vain") { Moves = moves => moves.Length == 0 ? [new(new(0), new(1))] : moves },
    ];

    public static TheoryData<string> Names => [.. All.Select(lie => lie.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_lie_is_noticed(string name)
    {
        FrameAgreementLaw law = new(new LyingSystem(All.Single(lie => lie.Name == name)));
        using var judge = law.OpenJudge();
        FrameSequence asked = default;
        for (int index = 0; index < CasesMost; index++)
        {
            law.Generate(Seed, index, ref asked);
            if (judge.FirstFailure([asked]) == 0)
            {
                return;
            }
        }

        Assert.Fail($"Nobody noticed: {name}.");
    }

    private static FrameLie Ends(FrameOutcome truth, FrameOutcome told) => new($"{told} for {truth}")
    {
        Answer = (_, answer) => answer.Outcome == truth ? answer with { Outcome = told } : answer,
    };

    private static IEnumerable<FreeBlock> Halves(FreeBlock block)
    {
        if (block.Order.Value == 0)
        {
            return [block];
        }

        FrameOrder half = new((byte)(block.Order.Value - 1));
        return [new(block.First, half), new(new(block.First.Value + half.Frames), half)];
    }
}
