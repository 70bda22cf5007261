using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Properties.Kernel;

namespace PageProof.Tests.AddressSpaces;

/// <summary>Sequences to which the Implementation once gave answers that are not permitted.</summary>
public sealed class RegressionTests
{
    [Theory]
    [InlineData("areas that a fork makes one are copied as they were", """
        processes 2
        cpus 1
        0: mmap at=0x1000000000 length=0x5000 protection=read,write flags=private,fixed,anonymous
        0: mlock at=0x1000004000 length=0x1000
        0: load at=0x1000001000 length=0x8
        0: fork child=1
        1: checksum at=0x1000000000 length=0x2000
        """)]
    [InlineData("a forced write makes a copy after what it wrote before", """
        processes 1
        cpus 1
        file 0x2000 rw
        0: mmap at=0x1000002000 length=0x1000 protection=read,write flags=shared,fixed offset=0x1000
        0: mmap at=0x1000003000 length=0x1000 protection=read flags=private,fixed offset=0x1000
        0: force at=0x1000002ffc length=0x5 value=0xd634f6d805
        0: checksum at=0x1000002000 length=0x2000
        """)]
    [InlineData("what others have too is not freed", """
        processes 2
        cpus 1
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x1
        0: fork child=1
        0: madvise at=0x1000000000 length=0x1000 advice=free
        0: store at=0x1000000ff8 length=0x8 value=0x1
        0: checksum at=0x1000000000 length=0x1000
        """)]
    public void It_answers_as_the_Spec_permits(string what, string text)
    {
        using ImplementationSystem system = new();
        Assert.True(KernelText.TryParse(text, out var sequence, out string? reason), reason);
        Assert.True(KernelLaws.Refutation(system, sequence) is null, what);
    }
}
