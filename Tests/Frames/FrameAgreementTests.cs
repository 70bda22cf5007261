using PageProof.Contract;
using PageProof.Contract.Frames;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation;
using PageProof.Properties.Frames;
using PageProof.Properties.Harness;
using FrameNumber = PageProof.Contract.Frames.FrameNumber;

namespace PageProof.Tests.Frames;

/// <summary>The law of frames at full length, with its coverage floor.</summary>
public sealed class FrameAgreementTests
{
    private const long Cases = 3_000;

    [Fact]
    public void Every_frame_is_free_or_somebodys_implementation()
    {
        var report = FrameAgreementLaw.Run(new ImplementationSystem(), 1, RunLength.Of(Cases), 2);
        Paging.Laws.Hold(report);
        Assert.Equal(Cases, report.Cases);
        Assert.Equal(Enum.GetValues<FrameClass>().Length, report.Coverage!.Possible);
        Assert.True(report.Coverage.Least >= FrameCoverage.Floor);
        Assert.True(report.Commands > 20 * Cases);
    }

    /// <summary>Both sides: who has no memory for anybody loses no frame, and must fail.</summary>
    [Fact]
    public void An_allocator_that_gives_nothing_out_is_refuted()
    {
        var report = FrameAgreementLaw.Run(new RefusingSystem(), 1, RunLength.Of(Cases), 2);
        Assert.NotNull(report.Failure);
        Assert.Equal(1, report.Failure.Length);
    }

    private sealed class RefusingSystem : ISystem
    {
        public string Name => "refusing";

        public ITranslator? OpenTranslator() => null;

        public IFrameAllocator? OpenFrames() => new RefusingAllocator();

        public void Dispose()
        {
        }
    }

    private sealed class RefusingAllocator : IFrameAllocator
    {
        private readonly ImplementationSystem _system = new();
        private readonly IFrameAllocator _allocator;

        public RefusingAllocator() => _allocator = _system.OpenFrames()!;

        public FrameCapabilities Capabilities => _allocator.Capabilities;

        public ReadOnlySpan<FrameMove> Moves => [];

        public void Reset(FrameStart start) => _allocator.Reset(start);

        public FrameAnswer Do(in FrameCommand command) => new()
        {
            Outcome = command.Kind == FrameCommandKind.Allocate ? FrameOutcome.OutOfMemory : FrameOutcome.Refused,
        };

        public void Show(Span<FrameView> frames) => _allocator.Show(frames);

        public int ShowFree(Span<FreeBlock> blocks) => _allocator.ShowFree(blocks);

        public int ShowKept(CpuNumber cpu, Span<FrameNumber> frames) => _allocator.ShowKept(cpu, frames);

        public int ShowPlaces(FrameNumber frame, Span<FramePlace> places) =>
            _allocator.ShowPlaces(frame, places);

        public FrameNumber? EntryAt(FramePlace place) => null;

        public void Dispose()
        {
            _allocator.Dispose();
            _system.Dispose();
        }
    }
}
