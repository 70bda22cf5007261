using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using static PageProof.Tests.Kernel.DamagedKernel;

namespace PageProof.Tests.Kernel;

/// <summary>What is told of the tables of a process is what its tables and the records of its frames say.</summary>
[InLane("kernel")]
public sealed class TableListingTests
{
    [Fact]
    public void Every_entry_is_told_with_its_place_and_its_frame()
    {
        using DamagedKernel kernel = new();
        var lines = kernel.TablesOf(0);
        Assert.Equal([4, 3, 2, 1], lines.Take(4).Select(line => line.Level));
        Assert.Equal([0, 0x40, 0, 0], lines.Take(4).Select(line => line.Index));
        foreach (var line in lines)
        {
            ulong page = line.Page.Value;
            Assert.Equal(
                kernel.PlaceOf(page, line.Level),
                PhysicalPages.AddressOf((int)line.Table.Value) + 8 * (ulong)line.Index);
            Assert.Equal(kernel.Read(page, line.Level), line.Entry.Value);
            var record = kernel.Core.Pages.Table[(int)line.Frame.Value];
            Assert.Equal(
                (record.Kind, record.References, record.Mappings, record.Pins, record.Flags),
                (line.View.Kind, line.View.References, line.View.Mappings, line.View.Pins, line.View.Flags));
        }

        Assert.Equal(
            [Private, Common, Zeros, ReadOnly, OfFile, OfFile + 0x1000, Hidden, Private + 0x3_0000, Pinned],
            lines.Where(line => line.Level == 1).Select(line => line.Page.Value).Order());
    }

    [Fact]
    public void What_a_frame_is_used_for_is_told_with_it()
    {
        using DamagedKernel kernel = new();
        var hidden = LineOf(Hidden);
        Assert.Equal(FrameKind.Anonymous, hidden.View.Kind);
        Assert.Equal(PhysicalPages.FrameOf(HiddenLeaf.Shown(kernel.Read(Hidden))), (int)hidden.Frame.Value);
        Assert.Equal(default, hidden.View.Page);
        Assert.Equal(new(0, 1), LineOf(OfFile + 0x1000).View.Page);
        Assert.Equal(1, LineOf(Pinned).View.Pins);
        Assert.Equal(2, LineOf(Common).View.Mappings);
        Assert.Equal(FrameFlags.None, LineOf(Common).View.Flags & FrameFlags.Exclusive);

        TableLine LineOf(ulong page) =>
            kernel.TablesOf(0).Single(line => line.Level == 1 && line.Page.Value == page);
    }

    [Fact]
    public void A_process_that_is_not_there_has_none()
    {
        using DamagedKernel kernel = new();
        Assert.Empty(kernel.TablesOf(5));
        Assert.NotEmpty(kernel.TablesOf(1));
    }
}
