using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Implementation;

namespace PageProof.Tests.Kernel;

/// <summary>Sentences of the manual pages as short sequences, with the answers that they ask for.</summary>
[InLane("kernel")]
[InLane("addressspaces")]
[InLane("pagecache")]
public sealed class KernelStoryTests
{
    private const string Anonymous = "length=0x2000 protection=read,write flags=private,fixed,anonymous";
    private const string Growing = "length=0x2000 protection=read,write flags=private,fixed,anonymous,growsdown";
    private const string Shared = "length=0x2000 protection=read,write flags=shared,fixed";
    private const string Private = "length=0x2000 protection=read,write flags=private,fixed";

    public static TheoryData<string, string> Stories => new()
    {
        { "A child has what its parent stored, and neither sees what the other stores later", $"""
            0: mmap at=0x1000000000 {Anonymous} -> done 0x1000000000
            0: store at=0x1000000000 length=0x8 value=0x7 -> done, 1 minor
            0: fork child=1 -> done
            1: load at=0x1000000000 length=0x8 -> done 0x7
            1: store at=0x1000000000 length=0x8 value=0x9 -> done, 1 minor
            0: load at=0x1000000000 length=0x8 -> done 0x7
            0: store at=0x1000000000 length=0x8 value=0x8 -> done, 1 minor
            1: load at=0x1000000000 length=0x8 -> done 0x9
            """ },
        { "A sole owner takes one fault more after its child has ended, and then none", $"""
            0: mmap at=0x1000000000 {Anonymous} -> done 0x1000000000
            0: store at=0x1000000000 length=0x8 value=0x7 -> done, 1 minor
            0: fork child=1 -> done
            1: exit -> done
            0: store at=0x1000000000 length=0x8 value=0x8 -> done, 1 minor
            0: store at=0x1000000000 length=0x8 value=0x9 -> done
            """ },
        { "Untouched memory is read as the page of zeros, and stored to as a page of its own", $"""
            0: mmap at=0x1000000000 {Anonymous} -> done 0x1000000000
            0: load at=0x1000000ffc length=0x8 -> done, 2 minor
            0: store at=0x1000000ffc length=0x8 value=0x1122334455667788 -> done, 2 minor
            0: load at=0x1000001000 length=0x4 -> done 0x11223344
            """ },
        { "A private store to a file is seen by nobody else, and a shared one by everybody", $"""
            0: mmap at=0x1000000000 {Private} -> done 0x1000000000
            0: mmap at=0x1000004000 {Shared} -> done 0x1000004000
            0: store at=0x1000000000 length=0x8 value=0x7 -> done, 1 minor
            0: pread length=0x8 -> done of 8
            0: store at=0x1000004008 length=0x8 value=0x9 -> done
            0: pread offset=0x8 length=0x8 -> done 0x9 of 8
            """ },
        { "What was written back and then cut off does not come back when the file grows", """
            0: pwrite offset=0x8 length=0x8 value=0x7 -> done of 8
            0: pwrite offset=0x1008 length=0x8 value=0x9 -> done of 8
            0: fsync -> done
            0: ftruncate -> done
            0: ftruncate offset=0x2000 -> done
            0: pread offset=0x8 length=0x8 -> done of 8
            0: pread offset=0x1008 length=0x8 -> done of 8
            """ },
        { "A hole in a file is one in its mappings", $"""
            0: mmap at=0x1000000000 {Shared} -> done 0x1000000000
            0: store at=0x1000000000 length=0x8 value=0x7 -> done, 1 minor
            0: punch length=0x1000 -> done
            0: store at=0x1000000008 length=0x8 value=0x9 -> done, 1 minor
            0: load at=0x1000000000 length=0x8 -> done
            0: pread length=0x8 -> done of 8
            0: pread offset=0x8 length=0x8 -> done 0x9 of 8
            """ },
        { "At the end of a file there is nothing to read, and behind it neither", """
            0: pread offset=0x2000 length=0x8 -> done
            0: pread offset=0x2001 length=0x8 -> done
            0: pread offset=0x1ffc length=0x8 -> done of 4
            """ },
        { "Beyond the last page of a file there is a bus error, and private copies are cut off with it", $"""
            0: mmap at=0x1000000000 {Private} -> done 0x1000000000
            0: store at=0x1000001000 length=0x8 value=0x7 -> done, 1 minor
            0: ftruncate offset=0x1000 -> done
            0: load at=0x1000001000 length=0x8 -> SIGBUS ADRERR at 0x1000001000 code 0x4
            0: ftruncate offset=0x2000 -> done
            0: load at=0x1000001000 length=0x8 -> done
            """ },
        { "Memory that may not be stored to tells whether it is there", """
            0: mmap at=0x1000000000 length=0x1000 protection=read flags=private,fixed,anonymous -> done 0x1000000000
            0: store at=0x1000000000 length=0x1 -> SIGSEGV ACCERR at 0x1000000000 code 0x6
            0: load at=0x1000000000 length=0x1 -> done, 1 minor
            0: store at=0x1000000000 length=0x1 -> SIGSEGV ACCERR at 0x1000000000 code 0x7
            0: store at=0x1000001000 length=0x1 -> SIGSEGV MAPERR at 0x1000001000 code 0x6
            """ },
        { "A copy that is dropped before a forced write is made again, and the file stays (CVE-2016-5195)", """
            0: mmap at=0x1000000000 length=0x1000 protection=read flags=private,fixed -> done 0x1000000000
            0: forceraced at=0x1000000000 length=0x8 value=0x7 -> done of 8, 2 minor
            0: pread length=0x8 -> done of 8
            0: load at=0x1000000000 length=0x8 -> done 0x7
            """ },
        { "What is not needed is zero again, and what fails half way stays done so far", $"""
            0: mmap at=0x1000000000 {Anonymous} -> done 0x1000000000
            0: store at=0x1000000000 length=0x8 value=0x7 -> done, 1 minor
            0: madvise at=0x1000000000 length=0x3000 advice=dontneed -> ENOMEM
            0: load at=0x1000000000 length=0x8 -> done, 1 minor
            0: mprotect at=0x1000000000 length=0x3000 protection=read -> ENOMEM
            0: store at=0x1000000000 length=0x8 -> SIGSEGV ACCERR at 0x1000000000 code 0x7
            """ },
        { "The heap has zeros up to the break, and a child has a break of its own", """
            0: brk -> done 0x100000a000
            0: brk at=0x100000b001 -> done 0x100000b001
            0: store at=0x100000b000 length=0x8 value=0x7 -> done, 1 minor
            0: fork child=1 -> done
            1: brk at=0x100000b000 -> done 0x100000b000
            1: load at=0x100000b000 length=0x8 -> SIGSEGV MAPERR at 0x100000b000 code 0x4
            1: brk at=0x100000c000 -> done 0x100000c000
            1: load at=0x100000b000 length=0x8 -> done, 1 minor
            0: load at=0x100000b000 length=0x8 -> done 0x7
            """ },
        { "A break that cannot be leaves the one there is", """
            0: brk at=0x100000b000 -> done 0x100000b000
            0: mmap at=0x100000e000 length=0x1000 flags=private,fixed,anonymous -> done 0x100000e000
            0: brk at=0x100000e000 -> done 0x100000b000
            0: brk at=0x1000009fff -> done 0x100000b000
            0: brk at=0xffffffffffffffff -> done 0x100000b000
            0: brk at=0x100000d000 -> done 0x100000d000
            0: munmap at=0x100000a000 length=0x3000 -> done
            0: brk at=0x100000a000 -> done 0x100000d000
            """ },
        { "A stack keeps a gap, has a largest length, and never reaches the lowest addresses", $"""
            0: mmap at=0x1000000000 {Anonymous} -> done 0x1000000000
            0: mmap at=0x1000103000 {Growing} -> done 0x1000103000
            0: store at=0x1000102000 length=0x8 value=0x7 -> done, 1 minor
            0: store at=0x1000101fff length=0x1 value=0x7 -> SIGSEGV MAPERR at 0x1000101fff code 0x6
            0: munmap at=0x1000000000 length=0x2000 -> done
            0: store at=0x10000d4fff length=0x1 value=0x7 -> SIGSEGV MAPERR at 0x10000d4fff code 0x6
            0: store at=0x10000d5000 length=0x1 value=0x7 -> done, 1 minor
            0: mmap at=0x11000 {Growing} -> done 0x11000
            0: load at=0xfff8 length=0x8 -> SIGSEGV MAPERR at 0xfff8 code 0x4
            0: force at=0xfff8 length=0x8 value=0x7 -> EIO
            0: load at=0x10000 length=0x8 -> done, 1 minor
            """ },
        { "Of an image nothing is in memory but the page in which its data end, and zeros follow there", """
            0: pwrite offset=0x1008 length=0x8 value=0x7 -> done of 8
            0: pwrite offset=0x1010 length=0x8 value=0x9 -> done of 8
            0: exec at=0x1000000000 length=0x1000 to=0x1000004000 new=0x10 value=0x2000 -> done, 1 minor
            0: presence at=0x1000000000 length=0x8000 -> done 0x10
            0: load at=0x1000004008 length=0x8 -> done 0x7
            0: load at=0x1000004010 length=0x8 -> done
            0: pread offset=0x1010 length=0x8 -> done 0x9 of 8
            0: brk -> done 0x1000007000
            0: brk at=0x1000006000 -> done 0x1000007000
            0: fork child=1 -> done
            0: exec at=0x1000000000 length=0x2000 to=0x1000004000 new=0x10 value=0x2000 -> EFAULT
            0: brk -> not possible
            1: store at=0x1000150000 length=0x1 value=0x1 -> SIGSEGV MAPERR at 0x1000150000 code 0x6
            1: store at=0x100014f000 length=0x1 value=0x1 -> done, 1 minor
            """ },
        { "What is mapped may end with the last address of users, grow up to there, and no further", """
            0: mmap at=0x7fffffffd000 length=0x2000 protection=read flags=private,fixed,anonymous -> done 0x7fffffffd000
            0: mmap at=0x7fffffffd000 length=0x3000 protection=read flags=private,fixed,anonymous -> ENOMEM
            0: munmap at=0x7fffffffe000 length=0x1000 -> done
            0: mremap at=0x7fffffffd000 length=0x1000 new=0x2000 -> done 0x7fffffffd000
            0: mremap at=0x7fffffffd000 length=0x2000 new=0x3000 -> ENOMEM
            """ },
        { "Of another process only what it cannot notice may be advised", $"""
            0: mmap at=0x1000000000 {Anonymous} -> done 0x1000000000
            0: store at=0x1000000000 length=0x8 value=0x7 -> done, 1 minor
            0: fork child=1 -> done
            0: madviseother at=0x1000000000 length=0x1000 other=1 advice=dontneed -> EINVAL
            0: madviseother at=0x1000000000 length=0x1800 other=1 advice=cold -> done of 6144
            0: madviseother at=0x1000000000 length=0x3000 other=1 advice=willneed -> ENOMEM
            0: madviseother at=0x7ffffffff000 length=0x1000 other=1 advice=cold -> EFAULT
            0: madviseother at=0x1000000000 length=0x1000 advice=dontneed -> done of 4096
            0: madviseother at=0x1000000000 length=0x1000 other=7 advice=cold -> ESRCH
            1: load at=0x1000000000 length=0x8 -> done 0x7
            0: load at=0x1000000000 length=0x8 -> done, 1 minor
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

    private static List<string> Answers(string story) =>
        [.. story.Split('\n').Select(line => line.Split(" -> ")[1].Trim())];

    // What faults on files may be counted as is not told here.
    private static List<string> Told(ISystem system, string story)
    {
        var commands = story.Split('\n').Select(line => line.Split(" -> ")[0]);
        string text = "processes 2\nfile 0x2000 rw\n" + string.Join('\n', commands);
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        using var kernel = system.OpenKernel()!;
        var answers = new KernelAnswer[sequence.Commands.Length];
        kernel.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        bool ofFile = false;
        return
        [
            .. answers.Select((answer, place) =>
            {
                var command = sequence.Commands[place];
                ofFile |= command is { Kind: KernelCommandKind.Mmap } && !command.Flags.HasFlag(
                    Contract.AddressSpaces.MmapFlags.Anonymous);
                bool open = ofFile
                    && (command.Kind == KernelCommandKind.Load || command.Address.Value >= 0x10_0000_4000);
                return KernelText.Of(open ? answer with { MinorFaults = 0, MajorFaults = 0 } : answer);
            }),
        ];
    }
}
