using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Properties.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>
/// Each frame that a call asks for is missing once: the call fails, and what is looked at afterwards is as if it had
/// never been made.
/// </summary>
[InLane("kernel")]
[InLane("addressspaces")]
public sealed class MissingFrameStoryTests
{
    private const string Map =
        "0: mmap at=0x1000000000 length=0x4000 protection=read,write flags=private,fixed,anonymous";
    private const string File = "0: mmap at=0x1000010000 length=0x2000 protection=read,write flags=private,fixed";
    private const string Stores = "0: store at=0x1000000ffc length=0x8 value=0x102030405060708";
    private const string Look = "0: checksum at=0x1000000000 length=0x4000\n0: maps";

    public static TheoryData<string> Stories =>
    [
        $"{Map}\n{Stores}\n{Look}",
        $"{Map}\n0: load at=0x1000000ffc length=0x8\n{Stores}\n{Look}",
        $"{Map}\n0: vmsplice at=0x1000000000 length=0x3000\n0: piperead length=0x3000\n{Look}",
        $"{Map}\n{Stores}\n0: vmsplice at=0x1000000000 length=0x4000\n0: vmsplice at=0x1000003000 length=0x8\n"
            + $"0: piperead length=0x5000\n{Look}",
        $"0: pipewrite length=0x2800 value=0x7\n0: pipewrite length=0x1800 value=0x9\n0: piperead length=0x4000",
        $"0: splice length=0x2000\n0: pwrite length=0x8 value=0x5\n0: piperead length=0x2000",
        $"{File}\n0: store at=0x1000010ffc length=0x8 value=0x5\n0: pread length=0x2000\n"
            + "0: checksum at=0x1000010000 length=0x2000",
        $"0: pwrite length=0x8 offset=0xffc value=0x102030405060708\n0: pread length=0x2000",
        $"{Map}\n{Stores}\n0: fork child=1\n1: store at=0x1000000000 length=0x8 value=0x9\n"
            + $"{Stores}\n1: checksum at=0x1000000000 length=0x4000\n{Look}",
        $"{Map}\n0: pin at=0x1000000000 length=0x4000 for=write\n0: pinstore length=0x8 value=0x7\n"
            + $"0: pinload length=0x8\n0: fork child=1\n1: load at=0x1000000000 length=0x8\n{Look}",
        $"{Map}\n{Stores}\n0: mremap at=0x1000000000 length=0x2000 to=0x2040000000 new=0x3000 remap=maymove,fixed\n"
            + $"0: checksum at=0x2040000000 length=0x3000\n{Look}",
        $"{Map}\n{Stores}\n0: mprotect at=0x1000001000 length=0x1000 protection=read\n{Look}",
        $"{Map}\n{Stores}\n0: munmap at=0x1000001000 length=0x1000\n{Look}",
        $"{Map}\n{Stores}\n0: exec value=0x1\n0: maps",
        $"{Map}\n{Stores}\n0: force at=0x1000001ffc length=0x8 value=0x7\n{Look}",
        $"{Map}\n0: madvise at=0x1000000000 length=0x4000 advice=populatewrite\n{Look}",
        $"{Map}\n0: mlock at=0x1000000000 length=0x4000\n{Look}",
        "0: mmap at=0x1000010000 length=0x1000 protection=read,write flags=private,fixed,anonymous,growsdown\n"
            + "0: store at=0x100000effc length=0x8 value=0x7\n0: checksum at=0x100000e000 length=0x3000\n0: maps",
        $"{Map}\n0: swapon\n{Stores}\n0: reclaim length=0x10000\n0: fork child=1\n{Stores}\n"
            + $"1: checksum at=0x1000000000 length=0x4000\n{Look}",
        "0: mmap at=0x1000020000 length=0x2000 protection=read,write flags=shared,fixed,anonymous\n0: swapon\n"
            + "0: store at=0x1000020ffc length=0x8 value=0x102030405060708\n0: fork child=1\n"
            + "0: reclaim length=0x10000\n1: checksum at=0x1000020000 length=0x2000",
    ];

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_call_without_a_frame_has_not_been_made(string story)
    {
        string text = "processes 2\nfile 0x2000 rw\n" + story;
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        using ImplementationSystem system = new();
        Assert.Null(KernelMissingFrameLaw.Refutation(system, sequence));
    }
}
