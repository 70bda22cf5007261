using PageProof.Contract.Swap;
using PageProof.Implementation.Swap;

namespace PageProof.Tests.Swap;

/// <summary>What the laws of swap devices do not reach: real sizes, counts at their limit, and cost.</summary>
[InLane("swap")]
public sealed class SwapSpaceTests
{
    private readonly SimulatedDisk _disk = new(64);
    private readonly SwapSpace _space = new(clusterShift: 2, referencesMost: 3);

    [Fact]
    public void The_header_and_bad_pages_are_never_given_out()
    {
        Assert.True(_space.TryAdd(Partition(0, 8), 8, [3, 7], null, out _));
        Assert.Equal([1, 2, 4, 5, 6], Slots(5));
        Assert.False(_space.TryAllocate(out _));
        Assert.Equal((5, 0), (_space.Usable, _space.Free));
    }

    [Fact]
    public void Without_areas_there_is_no_room()
    {
        Assert.False(_space.TryAllocate(out _));
        Assert.Equal((0, 0), (_space.Usable, _space.Free));
    }

    [Fact]
    public void Areas_of_equal_priority_fill_a_cluster_each()
    {
        for (int area = 0; area < 2; area++)
        {
            Assert.True(_space.TryAdd(Partition(area * 16, 16), 5, out _));
        }

        Assert.Equal([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1], Areas(13));
    }

    [Fact]
    public void What_is_free_again_at_a_higher_priority_is_taken_next()
    {
        Assert.True(_space.TryAdd(Partition(0, 5), 1, out _));
        Assert.True(_space.TryAdd(Partition(8, 16), 0, out _));
        Assert.Equal([0, 0, 0, 0, 1, 1], Areas(6));
        Assert.True(_space.Release(new(new(0), new(2))));
        Assert.Equal([0, 1], Areas(2));
    }

    [Fact]
    public void Automatic_priorities_descend_from_minus_two_and_rise_when_an_elder_goes()
    {
        var numbers = new SwapAreaNumber[3];
        for (int area = 0; area < 3; area++)
        {
            Assert.True(_space.TryAdd(Partition(area * 8, 8), null, out numbers[area]));
        }

        Assert.Equal([-2, -3, -4], numbers.Select(number => _space.AreaOf(number)!.Priority));
        _space.Close(numbers[1]);
        _space.Remove(numbers[1]);
        Assert.Null(_space.AreaOf(numbers[1]));
        Assert.Equal(-2, _space.AreaOf(numbers[0])!.Priority);
        Assert.Equal(-3, _space.AreaOf(numbers[2])!.Priority);
        Assert.True(_space.TryAdd(Partition(32, 8), null, out var next));
        Assert.Equal((numbers[1], -4), (next, _space.AreaOf(next)!.Priority));
    }

    [Fact]
    public void There_are_31_areas_at_most()
    {
        for (int area = 0; area <= SwapAreaNumber.Most; area++)
        {
            Assert.True(_space.TryAdd(Partition(area * 2, 2), null, out var number));
            Assert.Equal(area, number.Value);
        }

        Assert.False(_space.TryAdd(Partition(62, 2), null, out _));
        Assert.Equal(31, _space.Free);
    }

    [Fact]
    public void A_slot_is_free_when_the_last_who_refers_to_it_goes_and_is_another_one_from_then_on()
    {
        Assert.True(_space.TryAdd(Partition(0, 8), null, out _));
        Assert.True(_space.TryAllocate(out var place));
        Assert.True(_space.Duplicate(place));
        Assert.True(_space.Duplicate(place));
        Assert.False(_space.Duplicate(place));
        Assert.Equal((3, 0u), (_space.ReferencesOf(place), _space.GenerationOf(place)));
        Assert.False(_space.Release(place));
        Assert.False(_space.Release(place));
        Assert.True(_space.Release(place));
        Assert.Equal((0, 1u, 7), (_space.ReferencesOf(place), _space.GenerationOf(place), _space.Free));
    }

    [Fact]
    public void A_closed_area_keeps_its_pages_and_gets_no_more()
    {
        Assert.True(_space.TryAdd(Partition(0, 8), null, out var number));
        Assert.True(_space.TryAllocate(out var place));
        _space.Close(number);
        Assert.False(_space.TryAllocate(out _));
        Assert.Equal((0, 0), (_space.Usable, _space.Free));
        Assert.True(_space.TryNextUsed(number, 0, out var used));
        Assert.Equal(place, used);
        _space.Reopen(number);
        Assert.Equal((7, 6), (_space.Usable, _space.Free));
        _space.Close(number);
        Assert.True(_space.Release(place));
        Assert.False(_space.TryNextUsed(number, 0, out _));
        _space.Remove(number);
        Assert.Equal((0, 0), (_space.Usable, _space.Free));
    }

    [Fact]
    public void A_file_is_read_as_it_was_written_wherever_its_pieces_lie()
    {
        DiskStorage file = new(_disk, new(0, 40, 3), new(3, 8, 1), new(4, 20, 6));
        Assert.Equal((10, 3), (file.Slots, file.Extents));
        var page = new byte[SimulatedDisk.BlockBytes];
        for (int slot = 0; slot < file.Slots; slot++)
        {
            page.AsSpan().Fill((byte)(slot + 1));
            Assert.True(file.TryWrite(slot, page));
        }

        Assert.Equal([41, 8, 24], ((int[])[1, 3, 8]).Select(slot => BlockWith((byte)(slot + 1))));
        for (int slot = file.Slots - 1; slot >= 0; slot -= 3)
        {
            Assert.True(file.TryRead(slot, page));
            Assert.True(page.AsSpan().IndexOfAnyExcept((byte)(slot + 1)) < 0);
        }
    }

    [Fact]
    public void What_a_disk_makes_fail_is_told_once()
    {
        var storage = Partition(0, 4);
        var page = new byte[SimulatedDisk.BlockBytes];
        (_disk.ReadFailsIn, _disk.WriteFailsIn) = (2, 1);
        Assert.False(storage.TryWrite(1, page));
        Assert.True(storage.TryWrite(1, page));
        Assert.True(storage.TryRead(1, page));
        Assert.False(storage.TryRead(1, page));
        Assert.True(storage.TryRead(1, page));
        _disk.IsReadOnly = true;
        Assert.False(storage.TryWrite(1, page));
        Assert.Equal((3, 3), (_disk.Reads, _disk.Writes));
    }

    [Fact]
    public void Swapping_out_and_in_allocates_nothing()
    {
        Assert.True(_space.TryAdd(Partition(0, 32), null, out _));
        var page = new byte[SimulatedDisk.BlockBytes];
        OutAndIn(page);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int turn = 0; turn < 100; turn++)
        {
            OutAndIn(page);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private DiskStorage Partition(int block, int pages) => new(_disk, new SwapExtent(0, block, pages));

    private void OutAndIn(byte[] page)
    {
        if (!_space.TryAllocate(out var place) || !_space.TryWrite(place, page) || !_space.TryRead(place, page)
            || !_space.Release(place))
        {
            throw new InvalidOperationException("A page was not swapped.");
        }
    }

    private int BlockWith(byte value)
    {
        var page = new byte[SimulatedDisk.BlockBytes];
        int block = 0;
        while (!_disk.TryRead(block, page) || page[0] != value)
        {
            block++;
        }

        return block;
    }

    private IEnumerable<int> Slots(int count) => Places(count).Select(place => (int)place.Slot.Value);

    private IEnumerable<int> Areas(int count) => Places(count).Select(place => (int)place.Area.Value);

    private List<SwapPlace> Places(int count)
    {
        List<SwapPlace> places = [];
        for (int left = count; left > 0; left--)
        {
            Assert.True(_space.TryAllocate(out var place));
            places.Add(place);
        }

        return places;
    }
}
