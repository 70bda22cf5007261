using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Tests.Kernel;

namespace PageProof.Tests.AddressSpaces;

/// <summary>
/// Ranges that are empty, begin within a page, or reach to the last address of users and beyond, as each call takes
/// them.
/// </summary>
[InLane("addressspaces")]
public sealed class RangeLimitTests
{
    private const string Begun =
        "mmap at=0x1000000000 length=0x4000 protection=read,write flags=private,fixed,anonymous";

    [Theory]
    [InlineData("munmap at=0x1000000000", "EINVAL")]
    [InlineData("munmap at=0x1000000800 length=0x1000", "EINVAL")]
    [InlineData("munmap at=0x1000000000 length=0x1", "done")]
    [InlineData("munmap at=0x7fffffffe000 length=0x1000", "done")]
    [InlineData("munmap at=0x7fffffffe000 length=0x1001", "EINVAL")]
    [InlineData("munmap at=0x7ffffffff000 length=0x1000", "EINVAL")]
    [InlineData("munmap at=0xffff800000000000 length=0x1000", "EINVAL")]
    [InlineData("munmap at=0x1000000000 length=0xffffffffffffffff", "EINVAL")]
    [InlineData("mprotect at=0x1000000000 protection=read", "done")]
    [InlineData("mprotect at=0x1000000800 protection=read", "EINVAL")]
    [InlineData("mprotect at=0x1000000000 length=0x4000 protection=read", "done")]
    [InlineData("mprotect at=0x1000000000 length=0x4001 protection=read", "ENOMEM")]
    [InlineData("mprotect at=0xfffffffff000 length=0x1000 protection=read", "ENOMEM")]
    [InlineData("mprotect at=0x1000000000 length=0xffffffffffffffff protection=read", "ENOMEM")]
    [InlineData("mprotect at=0x1000000000 length=0xfffffff000000000 protection=read", "ENOMEM")]
    [InlineData("mprotect at=0x1000000000 length=0x1000 protection=read,16", "EINVAL")]
    [InlineData("madvise at=0x1000000000 advice=dontneed", "done")]
    [InlineData("madvise at=0x1000000800 advice=dontneed", "EINVAL")]
    [InlineData("madvise at=0x1000000000 length=0xffffffffffffffff advice=dontneed", "EINVAL")]
    [InlineData("madvise at=0x1000001000 length=0xfffffffffffff000 advice=dontneed", "EINVAL")]
    [InlineData("madvise at=0x1000000000 length=0x4000 advice=dontneed", "done")]
    [InlineData("madvise at=0x1000000000 length=0x4001 advice=dontneed", "ENOMEM")]
    [InlineData("madvise at=0xfff000000 length=0x2000 advice=dontneed", "ENOMEM")]
    [InlineData("mlock at=0x1000000000", "done")]
    [InlineData("mlock at=0x1000000800 length=0x1", "done, 1 minor")]
    [InlineData("mlock at=0x1000000fff length=0x2", "done, 2 minor")]
    [InlineData("mlock at=0x1000003fff length=0x2", "ENOMEM")]
    [InlineData("mlock at=0x1000000000 length=0xffffffffffffffff", "done")]
    [InlineData("mlock at=0x1000000000 length=0xfffffffffffff000", "EINVAL")]
    [InlineData("munlock at=0x1000000000 length=0x4001", "ENOMEM")]
    [InlineData("msync at=0x1000000000 sync=sync", "done")]
    [InlineData("msync at=0x1000000800 sync=sync", "EINVAL")]
    [InlineData("msync at=0x1000000000 length=0x1000 sync=sync,async", "EINVAL")]
    [InlineData("msync at=0x1000000000 length=0x1000 sync=8", "EINVAL")]
    [InlineData("msync at=0x1000001000 length=0xfffffffffffff000 sync=sync", "ENOMEM")]
    [InlineData("msync at=0x1000000000 length=0x4000", "done")]
    [InlineData("msync at=0x1000000000 length=0x4001", "ENOMEM")]
    [InlineData("mremap at=0x1000000800 length=0x1000 new=0x1000", "EINVAL")]
    [InlineData("mremap at=0x1000000000 length=0x1000", "EINVAL")]
    [InlineData("mremap at=0x1000000000 new=0x1000 remap=maymove", "EINVAL")]
    [InlineData("mremap at=0x1000004000 length=0x1000 new=0x1000", "EFAULT")]
    [InlineData("mremap at=0x1000003000 length=0x2000 new=0x3000 remap=maymove", "EFAULT")]
    [InlineData("mremap at=0x1000000000 length=0x1000 new=0x2000", "ENOMEM")]
    [InlineData("mremap at=0x1000000000 length=0x1000 new=0x7ffffffff001 remap=maymove", "EINVAL")]
    [InlineData("mremap at=0x1000000000 length=0x1000 new=0x1000 to=0x1000010000 remap=fixed", "EINVAL")]
    [InlineData("mremap at=0x1000000000 length=0x1000 new=0x1000 to=0x1000010800 remap=fixed,maymove", "EINVAL")]
    [InlineData("mremap at=0x1000000000 length=0x1000 new=0x2000 to=0x7fffffffe000 remap=fixed,maymove", "EINVAL")]
    [InlineData("mremap at=0x1000000000 length=0x2000 new=0x2000 to=0x1000001000 remap=fixed,maymove", "EINVAL")]
    [InlineData("mremap at=0x1000002000 length=0x2000 new=0x2000 to=0x1000001000 remap=fixed,maymove", "EINVAL")]
    [InlineData(
        "mremap at=0x1000000000 length=0x1000 new=0x1000 to=0x1000001000 remap=fixed,maymove", "done 0x1000001000")]
    [InlineData("mremap at=0x1000000000 length=0x1000 new=0x2000 remap=dontunmap,maymove", "EINVAL")]
    [InlineData("brk at=0x7ffffffff001", "done 0x100000a000")]
    [InlineData("brk at=0x1000009fff", "done 0x100000a000")]
    [InlineData("brk at=0x100000a001", "done 0x100000a001")]
    [InlineData("mmap at=0x1000010000 protection=read flags=private,fixed,anonymous", "EINVAL")]
    [InlineData("mmap at=0x1000010800 length=0x1000 protection=read flags=private,fixed,anonymous", "EINVAL")]
    [InlineData("mmap at=0x7fffffffe000 length=0x1000 protection=read flags=private,fixed,anonymous",
        "done 0x7fffffffe000")]
    [InlineData("mmap at=0x7fffffffe000 length=0x1001 protection=read flags=private,fixed,anonymous", "ENOMEM")]
    [InlineData("mmap at=0x1000010000 length=0xffffffffffffffff protection=read flags=private,fixed,anonymous",
        "ENOMEM")]
    [InlineData("mmap at=0x1000010000 length=0x1000 protection=read flags=private,fixed offset=0x800", "EINVAL")]
    [InlineData("mmap at=0x1000010000 length=0x1000 protection=read flags=fixed,anonymous", "EINVAL")]
    [InlineData("mmap at=0x1000010000 length=0x1000 protection=read flags=private,fixed file=3", "EBADF")]
    [InlineData("mmap at=0x1000010000 length=0x1000 protection=read flags=private,fixed file=2", "EACCES")]
    [InlineData("mmap at=0x1000010000 length=0x1000 protection=write flags=shared,fixed file=1", "EACCES")]
    [InlineData("mmap at=0x1000010000 length=0x1000 protection=write flags=private,fixed file=1", "done 0x1000010000")]
    [InlineData("presence at=0x1000000000 length=0x4000", "done")]
    [InlineData("force at=0x1000003ffc length=0x8 value=0x7", "done of 4, 1 minor")]
    [InlineData("force at=0x1000004000 length=0x8 value=0x7", "EIO")]
    public void A_call_takes_a_range_so(string call, string answer)
    {
        using SpecKernelSystem spec = new();
        using ImplementationSystem implementation = new();
        Assert.Equal((answer, answer), (Told(spec, call), Told(implementation, call)));
    }

    /// <summary>A bit tells of each page, and there are sixty-four.</summary>
    [Theory]
    [InlineData(0xF_FFFC_1000UL, "0x40000", 1UL << 63)]
    [InlineData(0xF_FFFC_0000UL, "0x41000", 0)]
    [InlineData(0x10_0000_0000UL - 0x1000, "0x2000", 2)]
    [InlineData(0x10_0000_0000UL - 0x1000, "0x1000", 0)]
    [InlineData(0x10_0000_0000UL - 0x1000, "0x1001", 2)]
    public void Presence_tells_of_as_many_pages_as_there_are_bits(ulong start, string length, ulong present)
    {
        string call = $"presence at=0x{start:x} length={length}";
        using ImplementationSystem implementation = new();
        Assert.Equal(
            present == 0 ? "done" : $"done 0x{present:x}",
            Told(implementation, $"store at=0x1000000000 length=0x8 value=0x7\n0: {call}"));
    }

    // What a call is answered when four pages are mapped, and files are open in three ways.
    internal static string Told(ISystem system, string call)
    {
        string text = $"processes 1\nfile 0x2000 rw\nfile 0x2000 r\nfile 0x2000 w\n0: {Begun}\n0: {call}\n";
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        using var kernel = system.OpenKernel()!;
        var answers = new KernelAnswer[sequence.Commands.Length];
        kernel.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        return KernelText.Of(answers[^1]);
    }
}
