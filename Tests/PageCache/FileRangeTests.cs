using PageProof.Implementation;
using PageProof.Tests.AddressSpaces;
using PageProof.Tests.Kernel;

namespace PageProof.Tests.PageCache;

/// <summary>Offsets and lengths at the ends of what there is, and files that are not open for what is asked.</summary>
[InLane("pagecache")]
public sealed class FileRangeTests
{
    // File 0 can be read and written, 1 read, 2 written, and there is no file 3.
    [Theory]
    [InlineData("pread length=0x8 offset=0x7ffffffffffffff7", "done")]
    [InlineData("pread length=0x8 offset=0x7ffffffffffffff8", "EINVAL")]
    [InlineData("pread length=0x8 offset=0x8000000000000000", "EINVAL")]
    [InlineData("pread length=0x8 offset=0x8000000000000000 file=3", "EINVAL")]
    [InlineData("pread length=0x8 offset=0x7ffffffffffffff8 file=3", "EBADF")]
    [InlineData("pread length=0x8 offset=0x7ffffffffffffff8 file=2", "EBADF")]
    [InlineData("pread length=0x8 file=1", "done of 8")]
    [InlineData("pread length=0x8 offset=0x1ffc", "done of 4")]
    [InlineData("pread length=0x8 offset=0x2000", "done")]
    [InlineData("pwrite length=0x8 value=0x7 offset=0x8000000000000000 file=3", "EINVAL")]
    [InlineData("pwrite length=0x8 value=0x7 offset=0x7ffffffffffffff8", "EINVAL")]
    [InlineData("pwrite length=0x8 value=0x7 offset=0x7ffffffffffffff7", "EFBIG")]
    [InlineData("pwrite length=0x8 value=0x7 offset=0x7ffffffffffffff8 file=1", "EBADF")]
    [InlineData("pwrite length=0x8 value=0x7 file=3", "EBADF")]
    [InlineData("pwrite length=0x8 value=0x7 file=2", "done of 8")]
    [InlineData("pwrite length=0x8 value=0x7 offset=0xfffffc", "done of 4")]
    [InlineData("pwrite length=0x8 value=0x7 offset=0x1000000", "EFBIG")]
    [InlineData("pwrite value=0x7 offset=0x1000000", "done")]
    [InlineData("ftruncate offset=0x1000000", "done")]
    [InlineData("ftruncate offset=0x1000001", "EFBIG")]
    [InlineData("ftruncate offset=0x8000000000000000 file=3", "EINVAL")]
    [InlineData("ftruncate offset=0x1000001 file=1", "EINVAL")]
    [InlineData("ftruncate file=2", "done")]
    [InlineData("ftruncate file=3", "EBADF")]
    [InlineData("punch", "EINVAL")]
    [InlineData("punch length=0x8000000000000000", "EINVAL")]
    [InlineData("punch offset=0x8000000000000000 length=0x1", "EINVAL")]
    [InlineData("punch offset=0x8000000000000000 length=0x1 file=3", "EBADF")]
    [InlineData("punch offset=0x7ffffffffffff000 length=0x1000", "EFBIG")]
    [InlineData("punch offset=0x7ffffffffffff000 length=0xfff", "done")]
    [InlineData("punch offset=0x7ffffffffffff000 length=0x1000 file=1", "EBADF")]
    [InlineData("punch file=1", "EINVAL")]
    [InlineData("punch length=0x1000 file=2", "done")]
    [InlineData("fsync file=1", "done")]
    [InlineData("fsync file=3", "EBADF")]
    public void A_call_on_a_file_ends_so(string call, string answer)
    {
        using SpecKernelSystem spec = new();
        using ImplementationSystem implementation = new();
        Assert.Equal(
            (answer, answer), (RangeLimitTests.Told(spec, call), RangeLimitTests.Told(implementation, call)));
    }
}
