using PageProof.Contract.Kernel;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.PageCache;

/// <summary>
/// RLIMIT_FSIZE below the length of a file, which no sequence has: the limit holds for what makes a file longer, and
/// for bytes that are written.
/// </summary>
[InLane("pagecache")]
public sealed class FileLimitTests
{
    private const ulong Limit = 0x1000;

    private const string Start = "processes 1\nfile 0x2000 rw\n";

    [Theory]
    [InlineData("ftruncate offset=0x2000", Errno.None, 0)]
    [InlineData("ftruncate offset=0x2001", Errno.EFBIG, 0)]
    [InlineData("ftruncate offset=0x1001", Errno.None, 0)]
    [InlineData("ftruncate offset=0x800", Errno.None, 0)]
    [InlineData("pwrite offset=0xffc length=0x8", Errno.None, 4)]
    [InlineData("pwrite offset=0xff8 length=0x8", Errno.None, 8)]
    [InlineData("pwrite offset=0x1000 length=0x8", Errno.EFBIG, 0)]
    [InlineData("pwrite offset=0xfff length=0x8", Errno.None, 1)]
    [InlineData("pwrite offset=0x1001", Errno.None, 0)]
    public void Nothing_is_written_beyond_the_limit_and_no_file_grows_above_it(string call, Errno errno, ulong count)
    {
        Assert.True(KernelText.TryParse($"{Start}0: {call}\n", out var sequence, out string? reason), reason);
        var command = sequence.Commands[0];
        var state = KernelSpec.Begin(sequence.Start, new() { FileSizeLimit = Limit });
        var said = KernelSpec.Next(state, command, default);
        Assert.Equal((errno, count), (said.Answer.Errno, said.Answer.Length));

        using KernelMachine machine = new(new(), 64);
        machine.Begin(sequence.Start);
        var done = Call(machine.Core.Sequential(0), command);
        Assert.Equal((errno, count), (done.Errno, done.Length));
        Assert.Equal(said.State.Objects[0].Length, machine.Core.Cache[0].Length);
        Assert.Null(machine.Audit());
    }

    private static CallEnd Call(KernelCpu<ServedAtOnce> cpu, in KernelCommand command) =>
        command.Kind == KernelCommandKind.Truncate
            ? FileCalls.Truncate(cpu, 0, command.Offset, Limit)
            : FileCalls.Write(cpu, 0, command.Offset, command.Length.Value, command.Value, Limit);
}
