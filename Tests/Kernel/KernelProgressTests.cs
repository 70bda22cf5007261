using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Implementation.Kernel;
using PageProof.Properties.Kernel;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>What the Spec promises of frames that can be had, and what it leaves open.</summary>
[InLane("kernel")]
public sealed class KernelProgressTests
{
    private const string Populated = """
        0: swapon device=2
        0: mmap at=0x1000000000 length=0x40000 protection=read,write flags=private,anonymous,fixed,populate

        """;

    [Theory]
    [InlineData("0: store at=0x1000000ffc length=0x8 value=0x7")]
    [InlineData("0: fork child=1")]
    [InlineData("0: force at=0x1000020ffc length=0x8 value=0x7")]
    [InlineData("0: checksum at=0x1000000000 length=0x40000")]
    [InlineData("0: mremap at=0x1000000000 length=0x10000 to=0x1000050000 new=0x10000 remap=maymove,fixed")]
    public void Who_needs_frames_while_others_can_go_has_them(string command)
    {
        var sequence = Read($"processes 2\nframes 32\n{Populated}{command}\n");
        var answers = new KernelAnswer[sequence.Commands.Length];
        using KernelMachine machine = new(new());
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        Assert.Equal(KernelAnswerKind.Done, answers[^1].Kind);
        Assert.Null(machine.Audit());
        using ImplementationSystem system = new();
        Assert.Null(KernelPressureLaw.Refutation(system, sequence));
    }

    [Theory]
    [InlineData("processes 1\nframes 32\n", true)]
    [InlineData("processes 1\nframes 64\n", false)]
    [InlineData("processes 1\nframes 60\n", true)]
    [InlineData("processes 1\n", false)]
    public void It_is_pressed_when_more_is_promised_than_there_is_room_for(string start, bool isPressed)
    {
        var sequence = Read(start + Populated);
        var state = KernelSpec.Begin(sequence.Start, new());
        foreach (var command in sequence.Commands)
        {
            state = KernelSpec.Next(state, command, default).State;
        }

        KernelCommand store = new() { Kind = KernelCommandKind.Store, Address = new(0x10_0000_0000), Length = new(8) };
        Assert.Equal(isPressed, ProgressSpec.IsPressed(state, store));
    }

    [Theory]
    [InlineData("frames 32", "", false)]
    [InlineData("frames 32", "0: mmap at=0x1000040000 length=0x10000 protection=read flags=shared,anonymous", false)]
    // There are too few, whatever goes.
    [InlineData("frames 20", "", true)]
    // Nothing can go.
    [InlineData("frames 32", "0: swapoff device=2", true)]
    [InlineData("frames 32", "0: mlock at=0x1000000000 length=0x20000", true)]
    [InlineData("frames 32", "0: pin at=0x1000000000 length=0x4000\n0: pin at=0x1000004000 length=0x4000 pin=1\n"
        + "0: pin at=0x1000008000 length=0x4000 pin=2", true)]
    // A device fails.
    [InlineData("frames 32", "0: swapfault value=0x1", true)]
    public void Lack_of_memory_is_permitted_where_too_little_can_go(string frames, string before, bool permitted)
    {
        var sequence = Read($"processes 1\n{frames}\n{Populated}{before}\n0: store at=0x1000000000 length=0x8\n");
        using SpecKernelSystem system = new();
        using var kernel = system.OpenKernel()!;
        var answers = new KernelAnswer[sequence.Commands.Length];
        kernel.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        var state = KernelSpec.Begin(sequence.Start, kernel.Capabilities);
        for (int place = 0; place < answers.Length - 1; place++)
        {
            state = KernelSpec.Follow(state, sequence.Commands[place], answers[place], []).State!;
        }

        KernelAnswer lacks = new() { Kind = KernelAnswerKind.Failed, Errno = Errno.ENOMEM };
        var step = KernelSpec.Follow(state, sequence.Commands[^1], lacks, []);
        Assert.Equal(permitted, step.Refusal is null);
    }

    private static KernelSequence Read(string text)
    {
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        return sequence;
    }
}
