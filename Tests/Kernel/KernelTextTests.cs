using System.Collections.Immutable;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;

namespace PageProof.Tests.Kernel;

/// <summary>Sequences of commands to a kernel as text.</summary>
public sealed class KernelTextTests
{
    private static readonly KernelStart Start = new(
        3, 2, [new(new(0x3001), FileRights.Read | FileRights.Write), new(new(0), FileRights.None)]);

    [Fact]
    public void What_is_printed_is_read_back()
    {
        ImmutableArray<KernelCommand> commands =
        [
            .. from kind in Enum.GetValues<KernelCommandKind>() select new KernelCommand { Kind = kind },
            new()
            {
                Kind = KernelCommandKind.Mmap,
                Process = new(2),
                Cpu = new(1),
                FromLast = true,
                Address = new(ulong.MaxValue),
                Length = new(ulong.MaxValue),
                Protection = MemoryProtection.Read | MemoryProtection.Execute | (MemoryProtection)0x80,
                Flags = MmapFlags.Private | MmapFlags.FixedNoReplace | (MmapFlags)0x8000_0000,
                File = new(1),
                Offset = 1UL << 63,
            },
            new() { Kind = KernelCommandKind.Load, FromLast = true, Length = new(8) },
            new() { Kind = KernelCommandKind.Madvise, Advice = (MemoryAdvice)(-1) },
            new() { Kind = KernelCommandKind.Madvise, Advice = MemoryAdvice.DontNeed },
            new()
            {
                Kind = KernelCommandKind.Mremap,
                Target = new(0x10_0000_2000),
                NewLength = new(1),
                Remap = MremapFlags.MayMove | MremapFlags.DontUnmap | (MremapFlags)8,
            },
            new() { Kind = KernelCommandKind.Msync, Sync = MsyncFlags.Invalidate | MsyncFlags.Sync },
            new() { Kind = KernelCommandKind.Fork, Other = new(7) },
            new() { Kind = KernelCommandKind.FileWrite, Value = 0x1234 },
        ];
        string text = KernelText.Print(new(Start, commands));
        Assert.True(KernelText.TryParse(text, out var read, out string? reason), reason);
        Assert.Equal(commands.AsEnumerable(), read.Commands);
        Assert.Equal(Start.Files.AsEnumerable(), read.Start.Files);
        Assert.Equal((Start.Processes, Start.Cpus), (read.Start.Processes, read.Start.Cpus));
    }

    [Fact]
    public void A_command_reads_as_a_call() => Assert.Equal(
        "1: mmap at=0x1000000000 length=0x3000 protection=read,write flags=private,fixed,anonymous",
        KernelText.Of(new KernelCommand
        {
            Kind = KernelCommandKind.Mmap,
            Process = new(1),
            Address = new(0x10_0000_0000),
            Length = new(0x3000),
            Protection = MemoryProtection.Read | MemoryProtection.Write,
            Flags = MmapFlags.Private | MmapFlags.Fixed | MmapFlags.Anonymous,
        }));

    [Theory]
    [InlineData("")]
    [InlineData("0: maps")]
    [InlineData("processes 0")]
    [InlineData("processes 9")]
    [InlineData("processes 1\ncpus 5")]
    [InlineData("processes 1\nprocesses 1")]
    [InlineData("processes 1\nfile 0x100001 rw")]
    [InlineData("processes 1\nfile 0x1 x")]
    [InlineData("processes 1\n1: maps")]
    [InlineData("processes 1\n0: steal")]
    [InlineData("processes 1\n0: load at")]
    [InlineData("processes 1\n0: load at=x")]
    [InlineData("processes 1\n0: load at=0x1 at=0x2")]
    [InlineData("processes 1\n0: load colour=1")]
    [InlineData("processes 1\n0: mmap flags=private,odd")]
    [InlineData("processes 1\n0: maps cpu=1")]
    [InlineData("\0\0")]
    public void What_is_no_sequence_is_refused_with_a_reason(string text)
    {
        Assert.False(KernelText.TryParse(text, out _, out string? reason));
        Assert.NotEmpty(reason);
    }
}
