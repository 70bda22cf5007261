using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Implementation;

namespace PageProof.Tests.Kernel;

/// <summary>
/// Pages that pipes hold, as short sequences with the answers that they ask for: of the Spec, of the Implementation
/// and of the running kernel.
/// </summary>
[InLane("kernel")]
[InLane("addressspaces")]
[InLane("pagecache")]
public sealed class PipeStoryTests
{
    private const string Mapped = "0: mmap at=0x1000000000 length=0x1000 protection=read,write "
        + "flags=private,fixed,anonymous -> done 0x1000000000";

    private static readonly string Page = $"{Mapped}\n"
        + "0: store at=0x1000000000 length=0x8 value=0x7 -> done, 1 minor";

    public static TheoryData<string, string> Stories => new()
    {
        { "A page of a file in a pipe is that of the cache, and stays when it is cut off", """
            0: pwrite length=0x8 value=0x7 -> done of 8
            0: splice length=0x8 -> done of 8
            0: splice pipe=1 length=0x8 -> done of 8
            0: pwrite length=0x8 value=0x9 -> done of 8
            0: piperead length=0x8 -> done 0x9 of 8
            0: ftruncate -> done
            0: piperead pipe=1 length=0x10 -> done 0x9 of 8
            """ },
        { "A hole takes no page from a pipe but those that lie in it", """
            0: pwrite length=0x8 value=0x5 -> done of 8
            0: pwrite offset=0x1000 length=0x8 value=0x7 -> done of 8
            0: splice length=0x8 -> done of 8
            0: splice offset=0x1000 pipe=1 length=0x8 -> done of 8
            0: punch length=0x1000 -> done
            0: pwrite length=0x8 value=0x9 -> done of 8
            0: pwrite offset=0x1000 length=0x8 value=0xb -> done of 8
            0: piperead length=0x8 -> done 0x5 of 8
            0: piperead pipe=1 length=0x8 -> done 0xb of 8
            """ },
        { "What a process stores to a page of its own is in the pipe that has it, until it forks", $"""
            {Page}
            0: vmsplice at=0x1000000000 length=0x8 -> done of 8
            0: vmsplice at=0x1000000000 length=0x8 pipe=1 -> done of 8
            0: store at=0x1000000000 length=0x8 value=0x9 -> done
            0: piperead length=0x8 -> done 0x9 of 8
            0: fork child=1 -> done
            0: store at=0x1000000000 length=0x8 value=0xb -> done, 1 minor
            1: store at=0x1000000000 length=0x8 value=0xd -> done, 1 minor
            1: piperead pipe=1 length=0x8 -> done 0x9 of 8
            """ },
        { "Nobody is the sole owner of a page that a pipe has, too (CVE-2020-29374)", $"""
            {Page}
            0: fork child=1 -> done
            1: vmsplice at=0x1000000000 length=0x8 -> done of 8
            1: munmap at=0x1000000000 length=0x1000 -> done
            0: store at=0x1000000000 length=0x8 value=0x9 -> done, 1 minor
            1: piperead length=0x8 -> done 0x7 of 8
            """ },
        { "A write goes behind bytes of the pipe's own alone, never into a page of a file (CVE-2022-0847)", """
            0: pwrite length=0x8 value=0x7 -> done of 8
            0: pipewrite pipe=1 length=0x8 value=0x1 -> done of 8
            0: piperead pipe=1 length=0x8 -> done 0x1 of 8
            0: pipewrite pipe=1 length=0x8 value=0x2 -> done of 8
            0: piperead pipe=1 length=0x8 -> done 0x2 of 8
            0: splice pipe=1 length=0x1 -> done of 1
            0: pipewrite pipe=1 length=0x1 value=0xff -> done of 1
            0: pread length=0x8 -> done 0x7 of 8
            0: piperead pipe=1 length=0x8 -> done 0xff07 of 2
            """ },
        { "What fills pages of its own takes buffers, and what is left goes behind the last bytes if it fits", """
            0: pipewrite pipe=1 length=0xffc value=0x1 -> done of 4092
            0: pipewrite pipe=1 length=0x1004 -> done of 4100
            0: pipewrite pipe=1 length=0x1 -> EAGAIN
            0: piperead pipe=1 length=0x1 -> done 0x1 of 1
            0: splice pipe=1 length=0x1 -> EAGAIN
            0: piperead pipe=1 length=0xfff -> done of 4095
            0: splice pipe=1 length=0x1 -> done of 1
            0: piperead pipe=1 length=0x0 -> done
            """ },
        { "Only what is mapped and can be read is taken from a process", $"""
            {Mapped}
            0: vmsplice at=0x1000000ff8 length=0x10 -> done of 8, 1 minor
            0: vmsplice at=0x1000001000 length=0x8 -> EFAULT
            0: mprotect at=0x1000000000 length=0x1000 -> done
            0: vmsplice at=0x1000000000 length=0x8 -> EFAULT
            0: vmsplice at=0x1000000000 -> done
            0: store at=0x1000000ff8 length=0x8 value=0x9 -> SIGSEGV ACCERR at 0x1000000ff8 code 0x6
            0: piperead length=0x8 -> done of 8
            """ },
    };

    [Theory]
    [MemberData(nameof(Stories))]
    public void The_spec_tells_it_so(string sentence, string story)
    {
        using SpecKernelSystem system = new();
        Assert.Equal(Answers(story), Told(system, story));
        Assert.NotEmpty(sentence);
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public void The_implementation_does_it_so(string sentence, string story)
    {
        using ImplementationSystem system = new();
        Assert.Equal(Answers(story), Told(system, story));
        Assert.NotEmpty(sentence);
    }

    internal static List<string> Answers(string story) =>
        [.. story.Split('\n').Select(line => line.Split(" -> ")[1].Trim())];

    internal static List<string> Told(ISystem system, string story)
    {
        var commands = story.Split('\n')
            .Select(line => line.Split(" -> ")[0]);
        string text = "processes 2\nfile 0x2000 rw\n" + string.Join('\n', commands);
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        using var kernel = system.OpenKernel()!;
        var answers = new KernelAnswer[sequence.Commands.Length];
        kernel.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        return [.. answers.Select(answer => KernelText.Of(answer))];
    }
}
