using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Reality.Linux;
using PageProof.Tests.Kernel;

namespace PageProof.Tests.Reality;

/// <summary>
/// The running kernel behind the door answers as its manual says: sequences made by hand, with what comes of
/// each of their commands.
/// </summary>
public sealed class LinuxKernelTests
{
    private const string Head = "processes 3\nfile 0x1800 rw\nfile 0x10 r\nfile 0x10 w\nfile 0x0 closed\n";
    private const string Two = "at=0x1000000000 length=0x2000";
    private const string Mapped = $"0: mmap {Two} protection=read,write flags=private,fixed,anonymous";

    public static TheoryData<string, string> Sequences => new()
    {
        // A child has the bytes as they were, and neither sees what the other writes then.
        {
            $"{Mapped}; 0: store at=0x1000000008 length=8 value=7; 0: fork child=1; "
                + "0: store at=0x1000000008 length=1 value=8; 1: load at=0x1000000008 length=8; 1: exit; "
                + "0: load at=0x1000000008 length=8; 1: load at=0x1000000008 length=8",
            "done 0x1000000000; done, 1 minor; done; done, 1 minor; done 0x7; done; done 0x8; not possible"
        },

        // What is shared is seen by both.
        {
            $"0: mmap {Two} protection=read,write flags=shared,fixed,anonymous; 0: fork child=2; "
                + "2: store at=0x1000000ffe length=4 value=0x04030201; 0: load at=0x1000000ffe length=2; "
                + "0: fork child=2; 0: fork child=3",
            "done 0x1000000000; done; done, 2 minor; done 0x201, 1 minor; not possible; not possible"
        },

        // Signals: no area, no right, no page of the file, no address.
        {
            "0: mmap at=0x1000000000 length=0x3000 protection=read flags=shared,fixed; "
                + "0: load at=0x1000000ff8 length=8; 0: load at=0x1000002000 length=1; "
                + "0: store at=0x1000000004 length=2 value=1; 0: load at=0x1000003000 length=4; "
                + "0: load at=0x8000000000000000 length=4",
            "done 0x1000000000; done, 1 minor; SIGBUS ADRERR at 0x1000002000 code 0x4; "
                + "SIGSEGV ACCERR at 0x1000000004 code 0x7; SIGSEGV MAPERR at 0x1000003000 code 0x4; "
                + "SIGSEGV KERNEL at 0x0 code 0x0"
        },

        // Files by calls, and what the rights of the descriptor allow.
        {
            "0: pwrite length=3 offset=0x10 value=0x030201; 0: pread length=8 offset=0xe; "
                + "0: pread length=8 offset=0x17fc; "
                + "0: pwrite file=1 length=1; 0: pread file=2 length=1; 0: pread file=3 length=1; "
                + "0: pread length=1 offset=0xffffffffffffffff; 0: ftruncate offset=0x12; "
                + "0: pread length=8 offset=0xe; "
                + "0: mmap length=0x1000 protection=read,write flags=shared file=1; "
                + "0: mmap length=0x1000 protection=read flags=private file=2",
            "done of 3; done 0x302010000 of 8; done of 4; EBADF; EBADF; EBADF; EINVAL; done; done 0x2010000 of 4; "
                + "EACCES; EACCES"
        },

        // A checksum skips what cannot be read.
        {
            $"{Mapped}; 0: store at=0x1000001000 length=8 value=9; 0: checksum at=0x1000001000 length=0x1000; "
                + "0: checksum at=0x1000001000 length=0x3000; "
                + "0: madvise at=0x1000001000 length=0x1000 advice=dontneed; "
                + "0: checksum at=0x1000000000 length=0x2000; 0: madvise at=0x1000001000 length=0x2000 advice=dontneed",
            "done 0x1000000000; done, 1 minor; done 0x9 of 1; done 0x9 of 1; done; done of 2, 2 minor; ENOMEM"
        },

        // A file has a largest size.
        {
            "0: pwrite length=4 offset=0xfffffe value=0x04030201; 0: pwrite length=4 offset=0x1000000; "
                + "0: ftruncate offset=0x1000001; 0: pread length=0x4000000000000000 offset=0xfffffd",
            "done of 2; EFBIG; EFBIG; done 0x20100 of 3"
        },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Linux_answers(string commands, string expected)
    {
        using var kernel = Open();
        Assert.Equal(expected, Answers(kernel, Parse(commands)));
    }

    [Theory]
    [MemberData(nameof(PipeStoryTests.Stories), MemberType = typeof(PipeStoryTests))]
    public void Linux_answers_of_pipes(string sentence, string story)
    {
        using (Open())
        {
        }

        using LinuxSystem system = new();
        Assert.Equal(PipeStoryTests.Answers(story), PipeStoryTests.Told(system, story));
        Assert.NotEmpty(sentence);
    }

    [Fact]
    public void Linux_answers_what_the_Spec_permits()
    {
        using (Open())
        {
        }

        using LinuxSystem system = new();
        var report = KernelAgreementLaw.Run(system, seed: 1, RunLength.Of(300), workers: 2);
        Assert.Null(report.Failure?.Story);
        Assert.InRange(report.Explained.Values.Sum(), 0, 30);
    }

    /// <summary>Only where the address is in the last 4095 bytes is it taken for an errno.</summary>
    [Theory]
    [InlineData("0xfffffffffffffff8", "8")]
    [InlineData("0xfffffffffffff001", "255")]
    [InlineData("0xfffffffffffff000", "ENOMEM")]
    public void The_known_deviation_shows_and_is_explained(string address, string answer)
    {
        using var kernel = Open();
        using LinuxSystem system = new();
        var sequence = Parse($"0: mmap at={address} length=0x1000 protection=read flags=private,fixed,anonymous");
        Assert.Equal(answer, Answers(kernel, sequence));
        Assert.Null(KernelLaws.Refutation(system, sequence));
    }

    [Fact]
    public void What_the_system_places_is_found_there()
    {
        using var kernel = Open();
        string answers = Answers(kernel, Parse(
            "0: mmap length=0x1000 protection=read,write flags=private,anonymous; 0: fork child=1; "
            + "0: store at=last+0x10 length=8 value=5; 0: load at=last+0x10 length=8; 1: load at=last+0x10 length=8; "
            + "0: munmap at=last+0x0 length=0x1000; 0: munmap at=0x1000000001 length=0x1000; "
            + "0: munmap at=0x1000000000"));
        Assert.StartsWith("done 0x7", answers);
        Assert.EndsWith("; done; done, 1 minor; done 0x5; done, 1 minor; done; EINVAL; EINVAL", answers);
    }

    [Fact]
    public void Areas_are_told_line_by_line()
    {
        using var kernel = Open();
        var sequence = Parse(
            $"0: maps; {Mapped}; "
            + "0: mmap at=0x1000004000 length=0x2000 protection=read flags=shared,fixed offset=0x1000; "
            + "0: mprotect at=0x1000001000 length=0x1000 protection=execute; "
            + "0: mmap at=0x1000006000 length=0x1000 flags=shared,fixed,anonymous; 0: maps");
        Assert.EndsWith("done 0x0 of 4", Answers(kernel, sequence).Replace("done of 4", "done 0x0 of 4"));
        Assert.Equal(
            [
                "1000000000-1000001000 rw-p",
                "1000001000-1000002000 --xp",
                "1000004000-1000006000 r--s file 0+0x1000",
                "1000006000-1000007000 ---s memory+0x0",
            ],
            kernel.Lines.ToArray().Select(line => line.ToString()));
    }

    /// <summary>More operations and more texts of areas than there is room for at once.</summary>
    [Fact]
    public void Sequences_are_answered_in_company_as_alone()
    {
        using var kernel = Open();
        var all = Sequences.Select(row => Parse(row.Data.Item1 + "; 0: maps; 1: exit; 0: maps")).ToArray();
        var alone = string.Concat(all.Select(sequence => Lines(kernel, sequence)));
        var many = Enumerable.Repeat(all, 20).SelectMany(sequences => sequences).ToArray();
        var answers = new KernelAnswer[many.Sum(sequence => sequence.Commands.Length)];
        kernel.RunAll(many, answers);
        int first = 0;
        string together = "";
        foreach (var sequence in many)
        {
            together += Story(kernel, sequence, answers.AsSpan(first, sequence.Commands.Length));
            first += sequence.Commands.Length;
        }

        Assert.Equal(string.Concat(Enumerable.Repeat(alone, 20)), together);
    }

    [Fact]
    public void The_system_says_which_kernel_it_is()
    {
        using var kernel = Open();
        using LinuxSystem system = new();
        Assert.StartsWith("Linux ", system.Backend);
        Assert.Equal("linux", system.Name);
        Assert.Equal(1, kernel.Capabilities.Cpus);
    }

    private static IKernel Open()
    {
        if (StubTree.WhyUnavailable() is { } reason)
        {
            Assert.Skip(reason);
        }

        using LinuxSystem system = new();
        return system.OpenKernel();
    }

    private static KernelSequence Parse(string commands)
    {
        string text = Head + commands.Replace("; ", "\n", StringComparison.Ordinal);
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        return sequence;
    }

    private static string Answers(IKernel kernel, KernelSequence sequence)
    {
        var answers = new KernelAnswer[sequence.Commands.Length];
        kernel.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        return string.Join("; ", answers);
    }

    private static string Lines(IKernel kernel, KernelSequence sequence)
    {
        var answers = new KernelAnswer[sequence.Commands.Length];
        kernel.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        return Story(kernel, sequence, answers);
    }

    // The answers, and instead of the places of lines the lines.
    private static string Story(IKernel kernel, KernelSequence sequence, ReadOnlySpan<KernelAnswer> answers)
    {
        string story = "";
        for (int index = 0; index < answers.Length; index++)
        {
            bool told = sequence.Commands[index].Kind == KernelCommandKind.Maps;
            var lines = told ? kernel.Lines.Slice((int)answers[index].Value, (int)answers[index].Length) : default;
            story += (told ? answers[index] with { Value = 0 } : answers[index])
                + string.Concat(lines.ToArray().Select(line => $" [{line}]")) + "\n";
        }

        return story;
    }
}
