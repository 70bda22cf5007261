using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Swap;
using PageProof.Implementation;
using PageProof.Implementation.Swap;
using PageProof.Properties.Harness;
using PageProof.Properties.Swap;

namespace PageProof.Tests.Swap;

/// <summary>The laws of swap devices at full length, with their floors, on simulated disks and real files.</summary>
public sealed class SwapAgreementTests
{
    private const long Cases = SwapCoverage.CasesToBind;

    [Fact]
    public void Every_page_comes_back_implementation()
    {
        var report = SwapAgreementLaw.Run(new ImplementationSystem(), 1, RunLength.Of(Cases), 2);
        Paging.Laws.Hold(report);
        Assert.Equal(Cases, report.Cases);
        Assert.Equal(Enum.GetValues<SwapClass>().Length, report.Coverage!.Possible);
        Assert.True(report.Coverage.Least >= SwapCoverage.Floor);
    }

    [Fact]
    public void Areas_take_turns_implementation() =>
        Paging.Laws.Hold(StripingLaw.Run(new ImplementationSystem(), 1, RunLength.Of(1_000), 2));

    [Fact]
    public void Every_page_comes_back_from_real_files()
    {
        using FileSystemOfTests system = new();
        var report = SwapAgreementLaw.Run(system, 3, RunLength.Of(100));
        Paging.Laws.Hold(report);
        Assert.True(report.Commands > 1_000);
    }

    [Fact]
    public void Whichever_read_or_write_fails_only_owners_are_told()
    {
        const int Step = 28;
        var report = SwapErrorLaw.RunWorkload(new ImplementationSystem(), 2, Step);
        Paging.Laws.Hold(report);
        Assert.True(report.Cases * Step >= 500);
    }

    /// <summary>Both sides: who never finds a slot loses no page, and must fail.</summary>
    [Fact]
    public void Devices_that_never_have_room_are_refuted()
    {
        var report = SwapAgreementLaw.Run(new FullSystem(), 1, RunLength.Of(Cases), 2);
        Assert.NotNull(report.Failure);
        Assert.True(report.Failure.Length <= 4, report.Failure.Story);
    }

    private sealed class FileSystemOfTests : ISystem
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("pageproof-swap").FullName;

        public string Name => "files";

        public ITranslator? OpenTranslator() => null;

        public ISwapDevices? OpenSwap() => new SwapMachine(_folder);

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }

    private sealed class FullSystem : ISystem
    {
        public string Name => "full";

        public ITranslator? OpenTranslator() => null;

        public ISwapDevices? OpenSwap() => new FullDevices();

        public void Dispose()
        {
        }
    }

    private sealed class FullDevices : ISwapDevices
    {
        private readonly SwapMachine _machine = new();

        public SwapCapabilities Capabilities => _machine.Capabilities;

        public int FramesFree => _machine.FramesFree;

        public void Reset(SwapStart start) => _machine.Reset(start);

        public SwapAnswer Do(in SwapCommand command) => command.Kind == SwapCommandKind.PageOut
            ? new() { Outcome = SwapOutcome.Full } : _machine.Do(command);

        public int ShowAreas(Span<SwapAreaView> areas) => _machine.ShowAreas(areas);

        public void ShowSlots(SwapAreaNumber area, Span<int> references) => _machine.ShowSlots(area, references);

        public ProcessPageView ShowPage(ProcessPage page) => _machine.ShowPage(page);

        public void ShowHeader(DeviceNumber device, Span<byte> header) => _machine.ShowHeader(device, header);

        public void Dispose() => _machine.Dispose();
    }
}
