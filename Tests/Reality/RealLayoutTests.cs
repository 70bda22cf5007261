using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Properties.Hardening;
using PageProof.Reality.Aslr;

namespace PageProof.Tests.Reality;

/// <summary>The layouts of real processes, where the tests run on Linux.</summary>
public sealed class RealLayoutTests(ITestOutputHelper output)
{
    private const int Starts = RealLayoutLaw.StartsToSeeBits;

    [Fact]
    public void The_Spec_permits_every_layout_and_all_random_bits_are_seen()
    {
        using var watch = Watch();
        var all = StartKind.All.Select(kind => ($"{kind}", watch.Starts(kind, Starts))).ToList();
        var (report, kinds) = RealLayoutLaw.Judge("linux", all);
        kinds.ToList().ForEach(each => output.WriteLine($"{each}"));
        Assert.Null(report.Failure?.Story);

        // At least the kinds of 64 bits can be started anywhere.
        Assert.True(report.Cases >= Starts * StartKind.All.Count(kind => kind.Is64));
    }

    /// <summary>The other side: a layout with any region a page elsewhere, or of another kernel, is refused.</summary>
    [Fact]
    public void A_layout_that_was_moved_is_refused()
    {
        using var watch = Watch();
        StartKind kind = new(AddressSpaceKind.Bits64, ProgramKind.PositionIndependent, false, false, 4096);
        var (request, seen) = watch.Starts(kind, 1)[0];
        ObservedLayout[] moved =
        [
            seen with { StackEnd = Up(seen.StackEnd) },
            seen with { Program = Up(seen.Program) },
            seen with { Interpreter = Up(seen.Interpreter) },
            seen with { Vdso = Up(seen.Vdso) },
            seen with { Brk = Up(seen.Brk) },
            seen with { Mapping = Up(seen.Mapping) },
        ];
        Assert.Null(Refutation(request, seen));
        Assert.All(moved, each => Assert.NotNull(Refutation(request, each)));
        Assert.NotNull(Refutation(request with { StackLimit = new(1UL << 34) }, seen));
    }

    /// <summary>Starts that are all the same show no bit.</summary>
    [Fact]
    public void Layouts_that_never_change_are_refuted()
    {
        using var watch = Watch();
        StartKind kind = new(AddressSpaceKind.Bits64, ProgramKind.PositionIndependent, true, false, 4096);
        var one = watch.Starts(kind, 1)[0];
        Assert.SkipWhen(one.Request.Level == AslrLevel.Off, "this kernel places nothing at random");
        var (report, _) = RealLayoutLaw.Judge("linux", [("again", [.. Enumerable.Repeat(one, Starts)])]);
        Assert.Contains("random bits", report.Failure!.Story);
    }

    private static LayoutWatch Watch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "layouts of real processes are looked at on Linux");
        return new();
    }

    private static LinearAddress Up(LinearAddress address) => new(address.Value + 4096);

    private static string? Refutation(LayoutRequest request, ObservedLayout seen) =>
        RealLayoutLaw.Judge("linux", [("one", [(request, seen)])]).Report.Failure?.Story;
}
