using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.AddressSpaces;

/// <summary>
/// A system may have kept apart what the Spec has as one area of an image: an end of one may lie inside of several
/// pages, and never inside of one.
/// </summary>
[InLane("addressspaces", SpecAlone = true)]
public sealed class ImageChoiceTests
{
    [Theory]
    [InlineData("0x2000", "0x3000", true)]
    [InlineData("0x1000", "0x2000", false)]
    public void Several_pages_of_an_image_may_have_to_be_resized_apart(string length, string longer, bool permitted)
    {
        Assert.True(KernelText.TryParse($"""
            processes 1
            file 0x8000 rw
            0: exec at=0x1000000000 length=0x1000 to=0x1000004000 new=0x3000
            0: mremap at=0x1000004000 length={length} new={longer} remap=maymove
            """, out var sequence, out string? reason), reason);
        var state = KernelSpec.Next(KernelSpec.Begin(sequence.Start, new()), sequence.Commands[0], default).State;
        KernelAnswer told = new() { Kind = KernelAnswerKind.Failed, Errno = Errno.EFAULT };
        Assert.Equal(permitted, KernelSpec.Follow(state, sequence.Commands[1], told, []).State is not null);
    }
}
