using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Swap.Compressed;
using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>The law notices each single thing that is said wrong, whatever is done right.</summary>
[InLane("zswap")]
public sealed class CompressedLieTests
{
    private const int CasesMost = 500;
    private const ulong Seed = 5;

    private static readonly CompressedLie[] All =
    [
        Ends(CompressedOutcome.Done, CompressedOutcome.IoError),
        Ends(CompressedOutcome.IoError, CompressedOutcome.Done),
        Ends(CompressedOutcome.Empty, CompressedOutcome.Done),
        Ends(CompressedOutcome.NoSpace, CompressedOutcome.Done),
        Lies(StoredPlace.Word, StoredPlace.Pool),
        Lies(StoredPlace.Pool, StoredPlace.Device),
        Lies(StoredPlace.Raw, StoredPlace.Pool),
        Lies(StoredPlace.Device, StoredPlace.Pool),
        new("a longer page") { Answer = truth => truth with { Length = truth.Length + 1 } },
        new("no length") { Answer = truth => truth with { Length = 0 } },
        new("nothing becomes shorter") { Answer = truth => truth.Length == 0 ? truth : truth with { Length = 4096 } },
        new("one page met too many") { Answer = truth => truth with { PagesMet = truth.PagesMet + 1 } },
        new("nothing written back") { Back = _ => [] },
        new("the last not written back") { Back = truth => truth.SkipLast(1) },
        new("another written back")
        {
            Back = truth => truth.Select(each => each with { Slot = new(each.Slot.Value + 1) }),
        },
        new("all written back") { Back = truth => truth.Select(each => each with { HasFailed = false }) },
        new("nothing freed") { Back = truth => truth.Select(each => each with { PagesAfter = each.PagesBefore }) },
        new("another bit") { Flips = true },
        Counts("pool_total_size", truth => truth with { PoolTotalSize = truth.PoolTotalSize & ~4096 }),
        Counts("stored_pages", truth => truth with { StoredPages = truth.StoredPages - truth.SameFilledPages }),
        Counts("same_filled_pages", truth => truth with { SameFilledPages = 0 }),
        Counts("written_back_pages", truth => truth with { WrittenBackPages = 0 }),
        Counts("pool_limit_hit", truth => truth with { PoolLimitHit = 0 }),
        Counts("reject_compress_poor", truth => truth with { RejectCompressPoor = 0 }),
        Counts("reject_reclaim_fail", truth => truth with { RejectReclaimFail = 0 }),
        Tells("orig_data_size", truth => truth with { OrigDataSize = truth.OrigDataSize - truth.SamePages * 4096 }),
        Tells("compr_data_size", truth => truth with { ComprDataSize = truth.ComprDataSize & ~1 }),
        Tells("mem_used_total", truth => truth with { MemUsedTotal = truth.ComprDataSize }),
        Tells("mem_limit", truth => truth with { MemLimit = truth.MemLimit / 4096 }),
        Tells("mem_used_max", truth => truth with { MemUsedMax = truth.MemUsedTotal }),
        Tells("same_pages", truth => truth with { SamePages = 0 }),
        Tells("pages_compacted", truth => truth with { PagesCompacted = 0 }),
        Tells("huge_pages", truth => truth with { HugePages = truth.HugePagesSince }),
        Tells("huge_pages_since", truth => truth with { HugePagesSince = truth.HugePages }),
        Tells("bd_count", truth => truth with { BdCount = truth.BdWrites }),
        Tells("bd_reads", truth => truth with { BdReads = 0 }),
        Tells("bd_writes", truth => truth with { BdWrites = truth.BdCount }),
        Tells("failed_reads", truth => truth with { FailedReads = 0 }),
        Tells("failed_writes", truth => truth with { FailedWrites = 0 }),
    ];

    public static TheoryData<string> Names => [.. All.Select(lie => lie.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_lie_is_noticed(string name)
    {
        Libraries.MustBeThere();
        CompressedAgreementLaw law = new(new LyingSystem(All.Single(lie => lie.Name == name)));
        using var judge = law.OpenJudge();
        CompressedSequence asked = default;
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

    /// <summary>What is left is what the lie needs, in the lowest slot.</summary>
    [Theory]
    [InlineData(
        "another bit",
        "zswap lz4 level=1 slots=1 memory=0 max=100 accept=100 exclusive=0\nstore 0 fill 0x0\nload 0\n")]
    [InlineData("same_pages", "zram lz4 level=1 slots=1 limit=0 backing=0\nstore 0 fill 0x0\n")]
    [InlineData(
        "written_back_pages",
        "zswap lz4 level=1 slots=1 memory=1 max=100 accept=100 exclusive=0\nstore 0 part 0x0 1\nshrink 1\n")]
    public void A_counterexample_is_short_and_plain(string name, string shortest)
    {
        Libraries.MustBeThere();
        LyingSystem lying = new(All.Single(lie => lie.Name == name));
        var report = CompressedAgreementLaw.Run(lying, Seed, RunLength.Of(CasesMost));
        Assert.Equal(shortest, report.Failure?.Replay);
    }

    private static CompressedLie Ends(CompressedOutcome truth, CompressedOutcome told) => new($"{told} for {truth}")
    {
        Answer = answer => answer.Outcome == truth ? answer with { Outcome = told } : answer,
    };

    private static CompressedLie Lies(StoredPlace truth, StoredPlace told) => new($"{told} for {truth}")
    {
        Answer = answer => answer.Place == truth ? answer with { Place = told } : answer,
    };

    private static CompressedLie Counts(string name, Func<ZswapStatistics, ZswapStatistics> told) =>
        new(name) { Zswap = told };

    private static CompressedLie Tells(string name, Func<ZramStatistics, ZramStatistics> told) =>
        new(name) { Zram = told };

    /// <summary>Our stores, which do everything right, and say one thing wrong.</summary>
    private sealed class LyingSystem(CompressedLie lie) : ISystem
    {
        public string Name => "lying";

        public ITranslator? OpenTranslator() => null;

        public ICompressedStore? OpenCompressedStore() => new LyingStore(lie);

        public void Dispose()
        {
        }
    }

    /// <summary>What is said wrong: each member takes the truth, and says what is told instead.</summary>
    private sealed record CompressedLie(string Name)
    {
        public Func<CompressedAnswer, CompressedAnswer> Answer { get; init; } = truth => truth;

        public Func<PageWrittenBack[], IEnumerable<PageWrittenBack>> Back { get; init; } = truth => truth;

        public Func<ZswapStatistics, ZswapStatistics> Zswap { get; init; } = truth => truth;

        public Func<ZramStatistics, ZramStatistics> Zram { get; init; } = truth => truth;

        /// <summary>Whether the last bit of what is loaded is another.</summary>
        public bool Flips { get; init; }
    }

    private sealed class LyingStore(CompressedLie lie) : ICompressedStore
    {
        private readonly ICompressedStore _truth = new ImplementationSystem().OpenCompressedStore()!;

        public CompressedCapabilities Capabilities => _truth.Capabilities;

        public ReadOnlySpan<PageWrittenBack> WrittenBack => lie.Back(_truth.WrittenBack.ToArray()).ToArray();

        public ZswapStatistics Zswap => lie.Zswap(_truth.Zswap);

        public ZramStatistics Zram => lie.Zram(_truth.Zram);

        public void Reset(CompressedStart start) => _truth.Reset(start);

        public CompressedAnswer Do(in CompressedCommand command, Span<byte> page)
        {
            var answer = _truth.Do(command, page);
            if (lie.Flips && command.Kind == CompressedCommandKind.Load)
            {
                page[^1] ^= 0x80;
            }

            return lie.Answer(answer);
        }

        public void Dispose() => _truth.Dispose();
    }
}
