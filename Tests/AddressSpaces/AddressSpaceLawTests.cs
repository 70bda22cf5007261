using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Implementation;
using PageProof.Properties.AddressSpaces;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using static PageProof.Contract.Kernel.SharingNoteKind;

namespace PageProof.Tests.AddressSpaces;

/// <summary>The laws of address spaces, and what copy-on-write must not do.</summary>
public sealed class AddressSpaceLawTests
{
    // The floors of the steps bind.
    private const int Cases = 2_500;

    private static readonly FrameNumber One = new(7), Two = new(8);

    private static readonly FramePlace Parent = new(0, 16), Child = new(1, 16);

    [Fact]
    public void Each_step_of_the_implementation_is_one_of_copy_on_write()
    {
        using ImplementationSystem implementation = new();
        var report = KernelSharingLaw.Run(implementation, 3, RunLength.Of(Cases));
        Paging.Laws.Hold(report);
        Assert.Equal(Cases, report.Cases);
        Assert.True(report.Commands > 5 * Cases);
    }

    [Fact]
    public void Sequences_of_address_spaces_leave_files_as_they_are()
    {
        using ImplementationSystem implementation = new();
        using var kernel = implementation.OpenKernel()!;
        KernelGenerator generator = new(kernel.Capabilities, AddressSpaceLaws.Focus);
        for (int index = 0; index < 200; index++)
        {
            var (start, commands) = generator.Generate(1, index);

            // In the end all files are read.
            Assert.DoesNotContain(commands.SkipLast(start.Files.Length), each => KernelFocus.IsOfFiles(each.Kind));
        }
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "child only", "others see the page" },
        { "writable child", "a store may go through the entry of a child" },
        { "reuse while common", "others see the page" },
        { "writable page of a file", "the page is one of an object" },
        { "force to a file", "the page is one of an object" },
        { "writable zeros", "the zeros of everybody" },
        { "taken while mapped", "the frame is in use" },
        { "fork of a pinned page", "the page is pinned" },
        { "copy of one's own", "the page is its process's own" },
        { "reuse while held", "others see the page" },
        { "pin of a common page", "others see the page" },
        { "another content", "it holds something else" },
        { "no copy", "no copy of its source" },
        { "unmapped twice", "there is no such entry" },
        { "cached while mapped", "the frame is in use" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void What_must_not_happen_is_refused(string lie, string words)
    {
        using SharerSystem system = new(NotesOf(lie), lie);
        var report = KernelSharingLaw.Run(system, 1, RunLength.Of(1));
        Assert.NotNull(report.Failure);
        Assert.Contains(words, report.Failure.Story, StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_happen_is_not()
    {
        SharingNote[] notes =
        [
            .. Own, new() { Kind = Pin, Frame = One }, new() { Kind = Unpin, Frame = One },
            Note(Rights, Parent), Note(Fork, Child), new() { Kind = Hold, Frame = One },
            new() { Kind = Take, Frame = Two, Source = One }, Note(Break, Child), Note(Map, Child, Two, true),
            new() { Kind = Release, Frame = One }, Note(Reuse, Parent, One, true),
            Note(Move, Parent) with { To = new(0, 17) }, Note(Unmap, new(0, 17)),
        ];
        using SharerSystem system = new(notes, "");
        Assert.Null(KernelSharingLaw.Run(system, 1, RunLength.Of(1)).Failure);
    }

    private static SharingNote[] Own => [new() { Kind = Take, Frame = One }, Note(Map, Parent, One, true)];

    private static SharingNote[] Common => [.. Own, Note(Rights, Parent), Note(Fork, Child)];

    private static SharingNote[] OfFile => [new() { Kind = Bring, Frame = One }, Note(Map, Parent)];

    private static SharingNote Note(
        SharingNoteKind kind, FramePlace place, FrameNumber? frame = null, bool writes = false) =>
        new() { Kind = kind, Frame = frame ?? One, Place = place, Writable = writes, Dirty = writes };

    private static SharingNote[] NotesOf(string lie) => lie switch
    {
        "child only" => [.. Own, Note(Fork, Child)],
        "writable child" => [.. Own, Note(Rights, Parent), Note(Fork, Child, One, true)],
        "reuse while common" => [.. Common, Note(Reuse, Parent, One, true)],
        "writable page of a file" => [new() { Kind = Bring, Frame = One }, Note(Map, Parent, One, true)],
        "force to a file" => [.. OfFile, Note(Force, Parent)],
        "writable zeros" => [Note(Map, Parent, SharerSystem.Zeros, true)],
        "taken while mapped" => [.. Own, new() { Kind = Take, Frame = One }],
        "fork of a pinned page" => [.. Own, new() { Kind = Pin, Frame = One }, Note(Rights, Parent), Note(Fork, Child)],
        "copy of one's own" => [.. Own, Note(Rights, Parent), Note(Break, Parent)],
        "reuse while held" =>
            [.. Common, new() { Kind = Hold, Frame = One }, Note(Unmap, Child), Note(Reuse, Parent, One, true)],
        "pin of a common page" => [.. Common, new() { Kind = Pin, Frame = One }],
        "no copy" => [.. Own, new() { Kind = Take, Frame = Two, Source = One }],
        "unmapped twice" => [.. Own, Note(Unmap, Parent), Note(Unmap, Parent)],
        "cached while mapped" => [.. OfFile, new() { Kind = LeaveCache, Frame = One }],
        _ => [.. Common, new() { Kind = Hold, Frame = One }],
    };
}
