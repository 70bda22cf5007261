using PageProof.Contract.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>What processes may see, as examples: a few commands, and an answer to the last of them.</summary>
[InLane("tlb", SpecAlone = true)]
[InLane("softtlb", SpecAlone = true)]
public sealed class SoftwareTlbKernelSpecTests
{
    private const string Start = "kernel entries=4 wired=2 asids=2 processes=3\n";
    private const string Map = "map process=0 page=1 frame=5 writable; ";
    private const string Fixed = "map process=0 page=1 frame=5; ";
    private const string Other = "map process=1 page=1 frame=6 writable; ";
    private const string Edges = "map process=0 page=0 frame=1; map process=0 page=31 frame=2; "
        + "map process=1 page=0 frame=3; map process=1 page=31 frame=4; ";

    [Theory]
    [InlineData(Map + "access Read page=1", "frame 5")]
    [InlineData(Map + "access Write page=1", "frame 5")]
    [InlineData(Map + "access Read page=2", "a fault")]
    [InlineData(Fixed + "access Fetch page=1", "frame 5")]
    [InlineData(Fixed + "access Write page=1", "a fault")]
    [InlineData(Map + Other + "access Read page=1", "frame 5")]
    [InlineData(Map + Other + "switch process=1; access Read page=1", "frame 6")]
    [InlineData(Map + Other + "switch process=2; access Read page=1", "a fault")]
    [InlineData(Map + "map process=0 page=1 frame=7; access Read page=1", "frame 7")]
    [InlineData(Map + "unmap process=0 page=1; access Read page=1", "a fault")]
    [InlineData(Map + "unmap process=1 page=1; access Read page=1", "frame 5")]
    [InlineData(Map + "protect process=0 page=1; access Read page=1", "frame 5")]
    [InlineData(Map + "protect process=0 page=1; access Write page=1", "a fault")]
    [InlineData(Map + "protect process=1 page=1; access Write page=1", "frame 5")]
    [InlineData("protect process=0 page=1; access Read page=1", "a fault")]
    [InlineData("clean process=0 page=1; access Read page=1", "a fault")]
    [InlineData(Map + "clean process=0 page=1; access Write page=1", "frame 5")]
    [InlineData("wired Read page=0", "frame 256")]
    [InlineData("wired Write page=1", "frame 257")]
    [InlineData("wired Write page=1; access Read page=1", "a fault")]
    [InlineData(Edges + "exit process=0; access Read page=0", "a fault")]
    [InlineData(Edges + "exit process=0; access Read page=31", "a fault")]
    [InlineData(Edges + "exit process=0; switch process=1; access Read page=0", "frame 3")]
    [InlineData(Edges + "exit process=1; access Read page=0", "frame 1")]
    [InlineData(Edges + "exit process=1; access Read page=31", "frame 2")]
    [InlineData(Edges + "exit process=1; switch process=1; access Read page=31", "a fault")]
    [InlineData(Map + "clean process=0 page=1", "it is clean")]
    [InlineData(Map + "access Read page=1; clean process=0 page=1", "it is clean")]
    [InlineData(Map + "access Write page=1; clean process=0 page=1", "it was dirty")]
    [InlineData(Map + "access Write page=1; access Read page=1; clean process=0 page=1", "it was dirty")]
    [InlineData(Map + "access Write page=1; clean process=0 page=1; clean process=0 page=1", "it is clean")]
    [InlineData(Map + "access Write page=1; protect process=0 page=1; clean process=0 page=1", "it was dirty")]
    [InlineData(Map + "access Write page=1; map process=0 page=1 frame=5 writable; clean process=0 page=1",
        "it is clean")]
    [InlineData(Fixed + "access Write page=1; clean process=0 page=1", "it is clean")]
    [InlineData(Map + Other + "access Write page=1; clean process=1 page=1", "it is clean")]
    [InlineData("clean process=0 page=1", "it is clean")]
    [InlineData("switch process=1", "done")]
    [InlineData("exit process=2", "done")]
    [InlineData("unmap process=2 page=3", "done")]
    public void The_one_answer_is(string commands, string answer)
    {
        var (state, last) = Before(commands);
        var given = Given(answer);
        Assert.Null(SoftwareTlbKernelSpec.Follow(state, last, given).Refusal);
        foreach (var kind in Enum.GetValues<SoftwareTlbKernelAnswerKind>().Where(kind => kind != given.Kind))
        {
            string told = $"the answer is: {given}";
            Assert.Equal(told, SoftwareTlbKernelSpec.Follow(state, last, given with { Kind = kind }).Refusal);
        }

        var elsewhere = given with { Frame = new(given.Frame.Value ^ 1) };
        Assert.Null(SoftwareTlbKernelSpec.Follow(state, last, elsewhere).State);
    }

    [Theory]
    [InlineData(Map + "access Read page=1", null)]
    [InlineData("access Read page=1", null)]
    [InlineData(Map + "access Read page=1; access Read page=1", "an access that is repeated takes no trap")]
    [InlineData(Map + "access Write page=1; access Write page=1", "an access that is repeated takes no trap")]
    [InlineData(Map + "access Read page=1; access Write page=1", null)]
    [InlineData(Map + "access Read page=1; switch process=0; access Read page=1", null)]
    [InlineData("access Read page=1; access Read page=1", null)]
    [InlineData("wired Read page=1", "a wired page takes no trap")]
    public void A_trap_is_permitted_but_where_a_TLB_must_help(string commands, string? refusal)
    {
        var (state, last) = Before(commands);
        var given = AnswerOf(state, last);
        Assert.Equal(refusal, SoftwareTlbKernelSpec.Follow(state, last, given with { Traps = 1 }).Refusal);
    }

    private static (SoftwareTlbKernelState State, SoftwareTlbKernelCommand Last) Before(string commands)
    {
        string text = Start + commands.Replace("; ", "\n");
        Assert.True(SoftwareTlbKernelText.TryParse(text, out var sequence, out string? reason), reason);
        var state = SoftwareTlbKernelState.Begin(sequence.Start);
        foreach (var command in sequence.Commands[..^1])
        {
            state = SoftwareTlbKernelSpec.Follow(state, command, AnswerOf(state, command)).State!;
        }

        return (state, sequence.Commands[^1]);
    }

    // The one that the Spec permits.
    private static SoftwareTlbKernelAnswer AnswerOf(SoftwareTlbKernelState state, SoftwareTlbKernelCommand command) =>
        (from kind in Enum.GetValues<SoftwareTlbKernelAnswerKind>()
         from frame in Enumerable.Range(0, 300)
         let answer = new SoftwareTlbKernelAnswer(kind, new((uint)frame), 0)
         where SoftwareTlbKernelSpec.Follow(state, command, answer).State is not null
         select answer).Single();

    private static SoftwareTlbKernelAnswer Given(string answer) => answer.Split(' ') switch
    {
        ["frame", var frame] => new(SoftwareTlbKernelAnswerKind.Frame, new(uint.Parse(frame)), 0),
        [.., "fault"] => new(SoftwareTlbKernelAnswerKind.Fault, default, 0),
        [.., "clean"] => new(SoftwareTlbKernelAnswerKind.IsClean, default, 0),
        [.., "dirty"] => new(SoftwareTlbKernelAnswerKind.WasDirty, default, 0),
        _ => new(SoftwareTlbKernelAnswerKind.Done, default, 0),
    };
}
