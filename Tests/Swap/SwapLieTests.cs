using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Swap;
using PageProof.Implementation.Swap;
using PageProof.Properties.Swap;

namespace PageProof.Tests.Swap;

/// <summary>
/// The law notices each single thing that is said wrong, whatever is done right, and says what it is.
/// </summary>
[InLane("swap")]
public sealed class SwapLieTests
{
    private const string Asked = """
        swap frames=4 cluster=2 areas=31 references=9
        partition 12
        file 12 pieces=2
        make-swap 1 pages=12
        swap-on 1
        make-swap 0 pages=12 bad=5+1
        swap-on 0 priority=3
        store 1:2 0 7
        page-out 1:2
        fork 1 2
        store 1:3 1 8
        page-out 1:3
        load 1:2
        """;

    private const string NotFree = " is not free, or others with room have a higher priority";
    private const byte Files = 0, Partition = 1;
    private const int Bad = 5, Last = 11;

    // By what has to be noticed.
    private static readonly SwapLie[] All =
    [
        Says("it ends with Done", SwapCommandKind.MakeSwap, truth => truth with { Outcome = SwapOutcome.Refused }),
        Says("it ends with Done, 7, 0", SwapCommandKind.Load, truth => truth with { Content = new(7, 1, true) }),
        Goes("slot 12 of swap area 1" + NotFree, 2, new(new(Partition), new(12))),
        Goes("slot 0 of swap area 1" + NotFree, 2, new(new(Partition), default)),
        Goes("slot 5 of swap area 1" + NotFree, 2, new(new(Partition), new(Bad))),
        Goes("slot 1 of swap area 0" + NotFree, 2, new(new(Files), new(1))),
        Goes("slot 1 of swap area 7" + NotFree, 2, new(new(7), new(1))),
        Goes("slot 1 of swap area 1" + NotFree, 3, new(new(Partition), new(1))),
        new("4 frames are free, and not 5") { FramesFree = truth => truth + 1 },
        new("there are 1 areas") { Areas = truth => truth.Skip(1) },
        new("there are 1 areas") { Areas = truth => truth.Concat(truth.TakeLast(1)) },
        new("there is swap area 0 on device 1: 0 of 11 used, 12 in all, priority -2, and not "
            + "swap area 0 on device 1: 1 of 11 used, 12 in all, priority -2")
        {
            Areas = truth => truth.Select(area => area with { Used = area.Used + 1 }),
        },
        Counts("slot 1 of swap area 1 has 0 references, and not 1", 1, 1),
        Counts("slot 11 of swap area 1 has 0 references, and not 1", Last, 1),
        Counts("slot 5 of swap area 1 has -1 references, and not 0", Bad, 0),
        Counts("slot 0 of swap area 1 has -1 references, and not 0", 0, 0),
        Shows("page 0:0 is", new(0, 0), truth => truth with { Kind = LeafKind.Lost }),
        Shows("page 1:2 is", new(1, 2), truth => truth with { IsMarked = !truth.IsMarked }),
        Shows("page 2:15 is", new(2, 15), truth => truth with { IsDirty = true }),
        new("the first page of device 0 is another one") { Turns = new DeviceNumber(0) },
        new("the first page of device 1 is another one") { Turns = new DeviceNumber(1) },
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_lie_is_noticed_for_what_it_is(int number)
    {
        Assert.True(SwapText.TryParse(Asked, out var asked, out string? reason), reason);
        string? story = SwapLaws.Refutation(new LyingSystem(All[number]), asked);
        string end = All[number].IsWhole ? "." : " ";
        Assert.Contains($"That is not permitted: {All[number].Noticed}{end}", story, StringComparison.Ordinal);
    }

    [Fact]
    public void The_truth_is_not_refuted()
    {
        Assert.True(SwapText.TryParse(Asked, out var asked, out string? reason), reason);
        Assert.Null(SwapLaws.Refutation(new LyingSystem(new("nothing at all")), asked));
    }

    private static SwapLie Says(string noticed, SwapCommandKind kind, Func<SwapAnswer, SwapAnswer> told) =>
        new(noticed) { Answer = (command, truth) => command.Kind == kind ? told(truth) : truth };

    private static SwapLie Goes(string noticed, ushort page, SwapPlace place) => new(noticed)
    {
        Answer = (command, truth) => command.Kind == SwapCommandKind.PageOut && command.Page.Index == page
            ? truth with { Place = place } : truth,
    };

    private static SwapLie Counts(string noticed, int slot, int references) =>
        new(noticed) { Slot = slot, References = references };

    private static SwapLie Shows(string noticed, ProcessPage page, Func<ProcessPageView, ProcessPageView> told) =>
        new(noticed) { Page = (each, truth) => each == page ? told(truth) : truth, IsWhole = false };

    /// <summary>What is said wrong: each member takes the truth, and says what is told instead.</summary>
    private sealed record SwapLie(string Noticed)
    {
        /// <summary>Whether that is all that is said.</summary>
        public bool IsWhole { get; init; } = true;

        public Func<SwapCommand, SwapAnswer, SwapAnswer> Answer { get; init; } = (_, truth) => truth;

        public Func<int, int> FramesFree { get; init; } = truth => truth;

        public Func<SwapAreaView[], IEnumerable<SwapAreaView>> Areas { get; init; } = truth => truth;

        /// <summary>Of the area with a bad page: the slot of which these references are told.</summary>
        public int? Slot { get; init; }

        public int References { get; init; }

        public Func<ProcessPage, ProcessPageView, ProcessPageView> Page { get; init; } = (_, truth) => truth;

        /// <summary>The device of whose first page the last bit is told to be another.</summary>
        public DeviceNumber? Turns { get; init; }
    }

    /// <summary>Our devices, which do everything right, and say one thing wrong.</summary>
    private sealed class LyingSystem(SwapLie lie) : ISystem
    {
        public string Name => "lying";

        public ITranslator? OpenTranslator() => null;

        public ISwapDevices? OpenSwap() => new LyingDevices(lie);

        public void Dispose()
        {
        }
    }

    private sealed class LyingDevices(SwapLie lie) : ISwapDevices
    {
        private readonly SwapMachine _truth = new();

        public SwapCapabilities Capabilities => _truth.Capabilities;

        public int FramesFree => lie.FramesFree(_truth.FramesFree);

        public void Reset(SwapStart start) => _truth.Reset(start);

        public SwapAnswer Do(in SwapCommand command) => lie.Answer(command, _truth.Do(command));

        public int ShowAreas(Span<SwapAreaView> areas)
        {
            SwapAreaView[] told = [.. lie.Areas(areas[.._truth.ShowAreas(areas)].ToArray())];
            told.CopyTo(areas);
            return told.Length;
        }

        public void ShowSlots(SwapAreaNumber area, Span<int> references)
        {
            _truth.ShowSlots(area, references);
            if (lie.Slot is { } slot && area.Value == Partition)
            {
                references[slot] = lie.References;
            }
        }

        public ProcessPageView ShowPage(ProcessPage page) => lie.Page(page, _truth.ShowPage(page));

        public void ShowHeader(DeviceNumber device, Span<byte> header)
        {
            _truth.ShowHeader(device, header);
            header[^1] ^= (byte)(device == lie.Turns ? 0x80 : 0);
        }

        public void Dispose() => _truth.Dispose();
    }
}
