using PageProof.Implementation;
using PageProof.Properties.Frames;
using PageProof.Properties.Harness;

namespace PageProof.Tests.Frames;

/// <summary>The laws of frames with few and fixed sequences: what is run for each mutant.</summary>
[InLane("frames")]
public sealed class FrameLaneTests
{
    private const int Cases = 1_000;

    [Fact]
    public void The_laws_of_frames_hold_in_few_sequences()
    {
        using ImplementationSystem implementation = new();
        foreach (var report in FrameLaws.RunAll(implementation, 7, RunLength.Of(Cases)))
        {
            Paging.Laws.Hold(report);
        }
    }
}
