using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>What a system may choose, and what not: answers that are made by hand, and no kernel at all.</summary>
[InLane("kernel")]
[InLane("addressspaces")]
public sealed class SpecChoiceTests
{
    private const string Beside = "length=0x1000 protection=read flags=private,fixed,anonymous";

    [Theory]
    [InlineData(0x20_0000_0000, true)]
    [InlineData(0, false)]
    [InlineData(0x20_0000_0800, false)]
    [InlineData(0x10_0000_0000, false)]
    [InlineData(AddressSpaceSpec.UserEnd - 0x2000, true)]
    [InlineData(AddressSpaceSpec.UserEnd - 0x1000, false)]
    public void What_is_moved_goes_to_a_place_of_its_own(ulong place, bool permitted)
    {
        var state = After($"""
            processes 1
            0: mmap at=0x1000000000 {Beside}
            0: mmap at=0x1000001000 {Beside}
            """);
        KernelCommand moves = new()
        {
            Kind = KernelCommandKind.Mremap,
            Address = new(0x10_0000_0000),
            Length = new(0x1000),
            NewLength = new(0x2000),
            Remap = MremapFlags.MayMove,
        };
        KernelAnswer told = new() { Kind = KernelAnswerKind.Done, Value = place };
        Assert.Equal(permitted, KernelSpec.Follow(state, moves, told, []).State is not null);
    }

    [Theory]
    [InlineData("0: mlock at=0x1000001000 length=0x1000", true)]
    [InlineData("0: maps", false)]
    public void Shared_memory_is_told_in_parts_only_if_these_differ(string before, bool permitted)
    {
        var state = After($"""
            processes 1
            0: mmap at=0x1000000000 length=0x2000 protection=read flags=shared,fixed,anonymous
            {before}
            """);
        var line = MapsSpec.LinesOf(state.Processes[0]!, 0)[0] with { End = new(0x10_0000_1000) };
        var next = line with { Start = line.End, End = new(0x10_0000_2000), Offset = 0x1000 };
        KernelAnswer told = new() { Kind = KernelAnswerKind.Done, Length = 2 };
        var step = KernelSpec.Follow(state, new() { Kind = KernelCommandKind.Maps }, told, [line, next]);
        Assert.Equal(permitted, step.State is not null);
    }

    [Theory]
    [InlineData(0x0807_0605, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void What_is_left_of_a_page_of_zeros_in_a_pipe_may_be_the_page_or_zeros(ulong read, bool permitted)
    {
        var state = After("""
            processes 1
            file 0x1000 rw
            0: splice length=0x8
            0: piperead length=0x4
            0: pwrite length=0x8 value=0x807060504030201
            """);
        KernelAnswer told = new() { Kind = KernelAnswerKind.Done, Value = read, Length = 4 };
        KernelCommand reads = new() { Kind = KernelCommandKind.PipeRead, Length = new(4) };
        Assert.Equal(permitted, KernelSpec.Follow(state, reads, told, []).State is not null);
    }

    [Theory]
    [InlineData("done value=0x4030201 length=4", "done value=0x8070605 length=4", SpecVerdict.Permitted)]
    [InlineData("done value=0x4030201 length=4", "done length=4", SpecVerdict.Refused)]
    [InlineData("done length=4", "done length=4", SpecVerdict.Permitted)]
    [InlineData("done length=4", "done value=0x8070605 length=4", SpecVerdict.Refused)]
    public void Once_it_was_read_it_is_known(string first, string next, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask($"""
            processes 1
            file 0x1000 rw
            0: splice length=0x8
            0: pwrite length=0x8 value=0x807060504030201
            0: piperead length=0x4 -> {first}
            0: piperead length=0x4 -> {next}
            """));

    [Theory]
    [InlineData("punch length=0x1000", 0, SpecVerdict.Refused)]
    [InlineData("punch length=0x1000", 9, SpecVerdict.Permitted)]
    [InlineData("punch length=0x2000", 0, SpecVerdict.Permitted)]
    [InlineData("punch length=0x2000", 9, SpecVerdict.Refused)]
    public void A_pinned_page_is_that_of_its_file_until_it_is_cut_off(string call, int read, SpecVerdict verdict) =>
        Assert.Equal(verdict, SpecQuestions.Ask($"""
            processes 1
            file 0x2000 rw
            0: mmap at=0x1000000000 length=0x2000 protection=read,write flags=shared,fixed
            0: pin at=0x1000001000 length=0x8 for=write
            0: {call}
            0: pwrite length=0x8 offset=0x1000 value=0x9
            0: pinload length=0x8 -> done value={read}
            """));

    [Theory]
    [InlineData("0: load at=0x1000000000 length=0x8 -> done", "1 faults are counted")]
    [InlineData("0: load at=0x1000000000 length=0x8 -> done minor=2", "1 faults are counted")]
    [InlineData("0: load at=0x1000000000 length=0x8 -> done major=1", "at most 0 faults are major")]
    [InlineData("0: load at=0x1000001000 length=0x8 -> done minor=2", "0 to 1 faults are counted")]
    [InlineData("0: maps -> done length=2 minor=1", "who is told its areas takes no fault")]
    public void What_is_wrong_with_faults_is_said(string question, string refusal) =>
        Assert.Equal(refusal, SpecQuestions.Refusal($"""
            processes 1
            file 0x1000 rw
            0: mmap at=0x1000000000 length=0x1000 protection=read flags=private,fixed,anonymous
            0: mmap at=0x1000001000 length=0x1000 protection=read flags=shared,fixed
            {question}
            """));

    private static KernelState After(string text)
    {
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        var state = KernelSpec.Begin(sequence.Start, new());
        foreach (var command in sequence.Commands)
        {
            var outcome = KernelSpec.Next(state, command, default);
            Assert.Equal(KernelAnswerKind.Done, outcome.Answer.Kind);
            state = outcome.State;
        }

        return state;
    }
}
