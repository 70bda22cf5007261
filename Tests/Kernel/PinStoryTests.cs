using PageProof.Contract.Kernel;
using PageProof.Implementation;

namespace PageProof.Tests.Kernel;

/// <summary>Devices that pin pages of processes, as short sequences with the answers that they ask for.</summary>
[InLane("kernel")]
[InLane("addressspaces")]
[InLane("pagecache")]
public sealed class PinStoryTests
{
    private const string Mapped = "0: mmap at=0x1000000000 length=0x1000 protection=read,write "
        + "flags=private,fixed,anonymous -> done 0x1000000000";

    private static readonly string Page = $"{Mapped}\n"
        + "0: store at=0x1000000000 length=0x8 value=0x7 -> done, 1 minor";

    public static TheoryData<string, string> Stories => new()
    {
        { "What the device writes the process loads, and what that stores the device reads", $"""
            {Page}
            0: pin at=0x1000000000 length=0x8 for=write -> done
            0: pinstore length=0x8 value=0x9 -> done
            0: load at=0x1000000000 length=0x8 -> done 0x9
            0: store at=0x1000000000 length=0x8 value=0xb -> done
            0: pinload length=0x8 -> done 0xb
            0: unpin -> done
            0: pinload length=0x8 -> EFAULT
            """ },
        { "A fork leaves what is pinned to the parent, and copies it for the child", $"""
            {Page}
            0: pin at=0x1000000000 length=0x8 for=write -> done
            0: fork child=1 -> done
            0: store at=0x1000000000 length=0x8 value=0x9 -> done
            0: pinload length=0x8 -> done 0x9
            1: load at=0x1000000000 length=0x8 -> done 0x7
            1: store at=0x1000000000 length=0x8 value=0xb -> done
            1: pinstore length=0x8 value=0xd -> done
            0: load at=0x1000000000 length=0x8 -> done 0xd
            1: load at=0x1000000000 length=0x8 -> done 0xb
            """ },
        { "A page in common is copied before it is pinned, also to be read", $"""
            {Page}
            0: fork child=1 -> done
            0: pin at=0x1000000000 length=0x8 -> done, 1 minor
            0: store at=0x1000000000 length=0x8 value=0x9 -> done
            0: pinload length=0x8 -> done 0x9
            1: load at=0x1000000000 length=0x8 -> done 0x7
            """ },
        { "Who reads zeros for a short time has zeros, and who keeps them what comes in their place", $"""
            {Mapped}
            0: pin at=0x1000000000 length=0x8 -> done, 1 minor
            0: store at=0x1000000000 length=0x8 value=0x7 -> done, 1 minor
            0: pinload length=0x8 -> done
            0: unpin -> done
            0: madvise at=0x1000000000 length=0x1000 advice=dontneed -> done
            0: pin at=0x1000000000 length=0x8 for=longterm -> done, 2 minor
            0: store at=0x1000000000 length=0x8 value=0x9 -> done
            0: pinload length=0x8 -> done 0x9
            """ },
        { "A page that was cut off stays with the device, and the file gets another", """
            0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=shared,fixed -> done 0x1000000000
            0: pin at=0x1000000000 length=0x8 for=write,longterm -> done, 1 minor
            0: pinstore length=0x8 value=0x7 -> done
            0: pread length=0x8 -> done 0x7 of 8
            0: ftruncate -> done
            0: pinload length=0x8 -> done 0x7
            0: pwrite length=0x8 value=0x9 -> done of 8
            0: pinstore length=0x1 value=0xb -> done
            0: pread length=0x8 -> done 0x9 of 8
            0: pinload length=0x8 -> done 0xb
            """ },
        { "What a process has given up is that of its pins, of all of them, until the last", $"""
            {Page}
            0: pin at=0x1000000000 length=0x8 for=write -> done
            0: pin at=0x1000000000 length=0x8 pin=1 -> done
            0: fork child=1 -> done
            0: exit -> done
            1: pinstore length=0x8 value=0x9 -> done
            1: pinload length=0x8 pin=1 -> done 0x9
            1: load at=0x1000000000 length=0x8 -> done 0x7
            1: unpin -> done
            1: pinload length=0x8 pin=1 -> done 0x9
            """ },
        { "A pin needs rights to all of its pages, room, and bytes; and reads only what it has", """
            0: mmap at=0x1000000000 length=0x1000 protection=read flags=private,fixed,anonymous -> done 0x1000000000
            0: pin at=0x1000000000 length=0x8 for=write -> EFAULT
            0: pin at=0x1000000ffc length=0x8 -> EFAULT, 1 minor
            0: pin at=0x1000000000 -> EFAULT
            0: pin at=0xfffffffffffffffc length=0x2 -> EOVERFLOW
            0: unpin -> ENXIO
            0: pin at=0x1000000000 length=0x8 -> done
            0: pin at=0x1000000000 length=0x8 -> EBUSY
            0: pinstore length=0x8 -> EACCES
            0: pinload offset=0x1 length=0x8 -> EFAULT
            0: pinload offset=0x8 -> done
            """ },
    };

    [Theory]
    [MemberData(nameof(Stories))]
    public void The_spec_tells_it_so(string sentence, string story)
    {
        using SpecKernelSystem system = new();
        Assert.Equal(PipeStoryTests.Answers(story), PipeStoryTests.Told(system, story));
        Assert.NotEmpty(sentence);
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public void The_implementation_does_it_so(string sentence, string story)
    {
        using ImplementationSystem system = new();
        Assert.Equal(PipeStoryTests.Answers(story), PipeStoryTests.Told(system, story));
        Assert.NotEmpty(sentence);
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public void Counts_are_exact_and_nothing_is_left_of_it(string sentence, string story)
    {
        using ImplementationSystem system = new();
        using var kernel = system.OpenKernel()!;
        var frames = (IFrameFailures)kernel;
        var lines = story.Split('\n').Select(line => line.Split(" -> ")[0]);
        Assert.True(KernelText.TryParse(
            $"processes 2\nfile 0x2000 rw\n{string.Join('\n', lines)}", out var sequence, out string? reason), reason);
        kernel.Run(sequence.Start, sequence.Commands.AsSpan(), new KernelAnswer[sequence.Commands.Length]);
        Assert.Null(frames.Audit());
        Assert.Equal(0, frames.EndAll());
        Assert.Null(frames.Audit());
        Assert.NotEmpty(sentence);
    }
}
