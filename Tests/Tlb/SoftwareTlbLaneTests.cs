using PageProof.Contract.Tlb;
using PageProof.Implementation;
using PageProof.Implementation.Tlb;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>Both laws of software-filled TLBs with few and fixed sequences: what is run for each mutant.</summary>
[InLane("tlb")]
[InLane("softtlb")]
public sealed class SoftwareTlbLaneTests
{
    private const int Cases = 4_000;

    [Fact]
    public void Every_law_of_software_filled_TLBs_holds_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in SoftwareTlbLaws.RunAll(implementation, 3, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void The_kernel_has_as_many_wired_pages_as_it_was_started_with(int wired)
    {
        using SoftwareTlbKernelMachine machine = new();
        var commands = Enumerable.Range(0, wired + 1).Select(page => new SoftwareTlbKernelCommand
        {
            Kind = SoftwareTlbKernelCommandKind.AccessWired,
            Page = new((byte)page),
        });
        var answers = new SoftwareTlbKernelAnswer[wired + 1];
        machine.Run(new(Entries: 8, wired, Asids: 2, Processes: 1), [.. commands], answers);
        Assert.All(answers[..^1], answer => Assert.Equal(SoftwareTlbKernelAnswerKind.Frame, answer.Kind));
        Assert.Equal(SoftwareTlbKernelAnswerKind.Fault, answers[^1].Kind);
    }
}
