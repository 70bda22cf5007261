using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Swap.Compressed;
using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>The law of compressed stores at full length, with its coverage floor.</summary>
public sealed class CompressedAgreementTests
{
    private const long Cases = CompressedCoverage.CasesToBind;

    [Fact]
    public void A_compressed_page_comes_back_as_it_was_implementation()
    {
        Libraries.MustBeThere();
        var report = CompressedAgreementLaw.Run(new ImplementationSystem(), 1, RunLength.Of(Cases), 2);
        Paging.Laws.Hold(report);
        Assert.Equal(Cases, report.Cases);
        Assert.Equal(Enum.GetValues<CompressedClass>().Length, report.Coverage!.Possible);
        Assert.True(report.Coverage.Least >= CompressedCoverage.Floor);
        Assert.True(report.Commands > 20 * Cases);
    }

    /// <summary>Both sides: who stores nothing takes no memory and loses no page, and must fail.</summary>
    [Fact]
    public void A_store_that_holds_nothing_is_refuted()
    {
        var report = CompressedAgreementLaw.Run(new IdleSystem(), 1, RunLength.Of(Cases), 2);
        Assert.NotNull(report.Failure);
        Assert.Equal(1, report.Failure.Length);
    }

    [Fact]
    public void Without_a_compressor_nothing_can_be_checked_and_it_says_so()
    {
        var refusal = Assert.Throws<UserError>(
            () => CompressedAgreementLaw.Run(new IdleSystem { Compresses = false }, 1, RunLength.Of(1)));
        Assert.Equal(
            "The system idle has neither LZ4 nor Zstandard to compress pages with.", refusal.Message);
    }

    private sealed class IdleSystem : ISystem
    {
        public string Name => "idle";

        public bool Compresses { get; init; } = true;

        public ITranslator? OpenTranslator() => null;

        public ICompressedStore? OpenCompressedStore() => new IdleStore(Compresses);

        public void Dispose()
        {
        }
    }

    private sealed class IdleStore(bool compresses) : ICompressedStore
    {
        public CompressedCapabilities Capabilities { get; } = new() { Lz4 = compresses, Zstd = compresses };

        public ReadOnlySpan<PageWrittenBack> WrittenBack => [];

        public ZswapStatistics Zswap => default;

        public ZramStatistics Zram => default;

        public void Reset(CompressedStart start)
        {
        }

        public CompressedAnswer Do(in CompressedCommand command, Span<byte> page) => new()
        {
            Outcome = command.Kind == CompressedCommandKind.Load ? CompressedOutcome.Empty : CompressedOutcome.IoError,
        };

        public void Dispose()
        {
        }
    }
}
