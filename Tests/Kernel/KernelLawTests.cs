using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>The laws of kernels on the Spec itself, right and wrong.</summary>
public sealed class KernelLawTests
{
    private const long Cases = 7_000;

    public static TheoryData<KernelMistake> Mistakes =>
        [.. Enum.GetValues<KernelMistake>().Where(mistake => mistake != KernelMistake.None)];

    [Fact]
    public void The_spec_agrees_with_itself()
    {
        foreach (var report in KernelLaws.RunAll(new SpecKernelSystem(), 1, RunLength.Of(Cases), 2))
        {
            Paging.Laws.Hold(report);
            Assert.Equal(Cases, report.Cases);
            Assert.True(report.Coverage!.Least >= KernelCoverage.Floor);
            Assert.True(report.Commands > 5 * Cases);
        }
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_noticed_and_told_in_few_commands(KernelMistake mistake)
    {
        using SpecKernelSystem system = new(mistake);
        var report = KernelAgreementLaw.Run(system, 1, RunLength.Of(Cases));
        Assert.NotNull(report.Failure);
        Assert.True(report.Failure.Length <= 6, report.Failure.Story);
        Assert.True(KernelText.TryParse(report.Failure.Replay, out var shrunk, out string? reason), reason);
        Assert.NotNull(KernelLaws.Refutation(system, shrunk));
    }

    [Fact]
    public void A_store_of_a_child_that_its_parent_sees_is_interference()
    {
        using SpecKernelSystem system = new(KernelMistake.ForkShares);
        var report = KernelInterferenceLaw.Run(system, 1, RunLength.Of(Cases));
        Assert.NotNull(report.Failure);
        Assert.True(report.Failure.Length <= 6, report.Failure.Story);
    }

    [Fact]
    public void Who_lacks_the_capability_may_not_advise_others_and_only_then_is_told_so()
    {
        string text = "processes 2\n0: mmap at=0x1000000000 length=0x1000 protection=read flags=private,anonymous\n"
            + "0: fork child=1\n0: madviseother at=0x1000000000 length=0x1000 other=1 advice=cold";
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        KernelCapabilities lacking = new() { AdvisesOthers = false };
        var state = KernelSpec.Begin(sequence.Start, lacking);
        foreach (var command in sequence.Commands[..2])
        {
            state = KernelSpec.Next(state, command, default).State;
        }

        var about = sequence.Commands[2];
        Assert.Equal(Errno.EPERM, KernelSpec.Next(state, about, default).Answer.Errno);
        Assert.Equal(Errno.None, KernelSpec.Next(state, about with { Other = default }, default).Answer.Errno);
        Assert.Equal(Errno.None, KernelSpec.Next(state with { Kernel = new() }, about, default).Answer.Errno);
    }

    [Fact]
    public void A_case_depends_on_seed_and_number_alone()
    {
        KernelGenerator one = new(new()), other = new(new());
        other.Generate(9, 3);
        Assert.Equal(KernelText.Print(one.Generate(5, 77)), KernelText.Print(other.Generate(5, 77)));
        Assert.NotEqual(KernelText.Print(one.Generate(5, 77)), KernelText.Print(one.Generate(5, 78)));
    }

    [Fact]
    public void A_case_is_the_same_when_several_are_unfolded_at_once()
    {
        const int Count = 2_000;
        KernelGenerator shared = new(new()), alone = new(new());
        var texts = new string[Count];
        Parallel.For(0, Count, index => texts[index] = KernelText.Print(shared.Generate(5, index)));
        Assert.All(Enumerable.Range(0, Count), index =>
            Assert.Equal(KernelText.Print(alone.Generate(5, index)), texts[index]));
    }

    [Fact]
    public void What_is_generated_can_be_asked_and_read_back()
    {
        using SpecKernel kernel = new(KernelMistake.None);
        KernelGenerator generator = new(kernel.Capabilities);
        KernelFit fit = new(kernel.Capabilities);
        for (int index = 0; index < 300; index++)
        {
            var sequence = generator.Generate(3, index);
            Assert.True(fit.IsWithin(sequence), KernelText.Print(sequence));
            Assert.True(KernelText.TryParse(KernelText.Print(sequence), out var read, out string? reason), reason);
            Assert.Equal(sequence.Commands.AsEnumerable(), read.Commands);
            Assert.Equal(sequence.Start.Files.AsEnumerable(), read.Start.Files);
        }
    }
}
