using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Reality;

/// <summary>
/// Real TLBs answer what the Spec permits, and one that keeps what it has cached shows it: by hand, class by
/// class, and by the law with many sequences.
/// </summary>
public sealed class RealTlbTests
{
    // What each leaves stale, and then each way to drop it.
    private const string Remapped = "read 0x0; store pte=0x12067";

    /// <summary>A store, and then the access that shows what is cached; and what the tables say.</summary>
    public static TheoryData<string, string, string> Stale => new()
    {
        { Remapped + "; read 0x0", "0x10000", "0x12000" },
        { Remapped + "; write 0x8", "0x10008", "0x12008" },
        { "fetch 0x10; store pte=0x12067; fetch 0x10", "0x10010", "0x12010" },
        { "read 0x0 user; store pte=0x12067; read 0x0 user", "0x10000", "0x12000" },
        { "read 0x1000; store pte1=0x0; read 0x1000", "0x11000", "#PF0" },
        { "write 0x0 user; store pte=0x10065; write 0x0 user", "0x10000", "#PF7" },
        { "read 0x0 user; store pte=0x10063; read 0x0 user", "0x10000", "#PF5" },
        { "read 0x0; store pd=0x0; read 0x0", "0x10000", "#PF0" },
        { "read 0x0; store pml4=0x0; read 0x0", "0x10000", "#PF0" },
        { "read 0x0; store pd=0x200087; read 0x0", "0x10000", "0x200000" },
        { "read 0x0; store pte=0x10047; read 0x0; load pte", "0x010047", "0x010067" },
        { "write 0x0; store pte=0x10027; write 0x0; load pte", "0x010027", "0x010067" },
    };

    /// <summary>What drops the old translation of page 0.</summary>
    public static TheoryData<string, string> Dropping => new()
    {
        { "", "invlpg 0x0" },
        { "", "invlpg 0xfff" },
        { "", "mov cr3 0x8000" },
        { "", "mov cr3 0xa000" },
        { "pge", "invlpg 0x0" },
        { "pge", "mov cr3 0x8000" },
        { "pge", "mov cr4 0x20" },
        { "", "mov cr4 0xa0" },
        { "", "mov cr4 0x100020" },
        { "", "invlpg 0x0; read 0x1000" },
    };

    [Fact]
    public void Qemu_answers_what_may_still_be_cached_and_shows_every_class_of_stale_answers()
    {
        using var system = RealityTests.OpenQemu();
        var report = TlbAgreementLaw.Run(system, seed: 1, RunLength.Of(6_000), workers: 2);
        Assert.Null(report.Failure?.Story);
        foreach (var (name, count) in report.Stale)
        {
            // QEMU walks again before it faults.
            Assert.Equal(name == nameof(TlbClass.SpuriousFault), count == 0);
        }

        Assert.InRange(report.Explained.GetValueOrDefault("faults-keep-entries"), 1, 300);
        Assert.InRange(report.Explained.GetValueOrDefault("reserved-without-present"), 1, 2_000);
    }

    [Fact]
    public void Kvm_answers_what_may_still_be_cached()
    {
        using var system = RealityTests.OpenKvm();
        var report = TlbAgreementLaw.Run(system, seed: 1, RunLength.Of(1_000));
        Assert.Null(report.Failure?.Story);
        Assert.Empty(report.Explained);
    }

    [Theory]
    [MemberData(nameof(Stale))]
    public void Qemu_keeps_what_nothing_has_dropped(string commands, string stale, string walked)
    {
        using var system = RealityTests.OpenQemu();
        Assert.NotEqual(stale, walked);
        Assert.Equal([stale], SequenceScenario.LastAnswers(system, SequenceScenario.Of("", commands)));
    }

    [Theory]
    [MemberData(nameof(Stale))]
    public void Kvm_answers_as_cached_or_as_walked(string commands, string stale, string walked)
    {
        using var system = RealityTests.OpenKvm();
        Assert.Subset(
            new HashSet<string> { stale, walked },
            SequenceScenario.LastAnswers(system, SequenceScenario.Of("", commands)).ToHashSet());
    }

    [Fact]
    public void Qemu_drops_what_must_be_dropped()
    {
        using var system = RealityTests.OpenQemu();
        DropsWhatMustBeDropped(system);
    }

    [Fact]
    public void Kvm_drops_what_must_be_dropped()
    {
        using var system = RealityTests.OpenKvm();
        DropsWhatMustBeDropped(system);
    }

    [Fact]
    public void Nothing_crosses_from_one_sequence_to_the_next_on_qemu()
    {
        using var system = RealityTests.OpenQemu();
        NothingCrosses(system);
    }

    [Fact]
    public void Nothing_crosses_from_one_sequence_to_the_next_on_kvm()
    {
        using var system = RealityTests.OpenKvm();
        NothingCrosses(system);
    }

    [Fact]
    public void A_sequence_that_kills_its_guest_is_named_and_the_next_one_lives()
    {
        using var system = RealityTests.OpenQemu();
        using var machine = system.OpenTlb();
        var good = SequenceScenario.Of("", "read 0x0");

        // The word by which the guest maps itself.
        var bad = good with
        {
            Start = good.Start with { Words = good.Start.Words.Add(new(new(0x8000 + 243 * 8), default)) },
        };
        Assert.False(new TlbFit(machine.Capabilities).IsWithin(bad));
        var thrown = Assert.Throws<UserError>(() => machine.RunAll([good, bad], new TlbAnswer[2]));
        Assert.StartsWith("QEMU did not answer sequence 1 of 2: the machine reset itself.", thrown.Message);
        Assert.Equal(["0x10000"], SequenceScenario.LastAnswers(system, good));
    }

    private static void DropsWhatMustBeDropped(ISystem system)
    {
        var sequences = Dropping.Select(row => row.Data)
            .Select(row => SequenceScenario.Of(row.Item1, $"{Remapped}; {row.Item2}; read 0x0")).ToArray();
        Assert.All(SequenceScenario.LastAnswers(system, sequences), answer => Assert.Equal("0x12000", answer));
    }

    /// <summary>Neither what is cached, global or not, nor what is stored in tables or pages.</summary>
    private static void NothingCrosses(ISystem system)
    {
        var before = SequenceScenario.Of("pge", "store pte=0x12167; read 0x0; write 0x0; fetch 0x0; store pd=0x0");
        var after = SequenceScenario.Of("pge", "read 0x0");
        Assert.Equal("0x10000", SequenceScenario.LastAnswers(system, before, after)[1]);
    }
}
