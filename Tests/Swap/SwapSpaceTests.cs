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
    public void A_turn_goes_on_after_a_page_for_which_there_was_no_room()
    {
        for (int area = 0; area < 2; area++)
        {
            Assert.True(_space.TryAdd(Partition(area * 16, 8), 5, out _));
        }

        Assert.Equal([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1], Areas(14));
        Assert.True(_space.Release(new(new(0), new(5))));
        Assert.Equal([5], Slots(1));
        Assert.False(_space.TryAllocate(out _));
        Assert.True(_space.Release(new(new(1), new(1))));
        Assert.True(_space.Release(new(new(0), new(6))));
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

    [Fact]
    public void A_slot_that_is_free_again_is_forgotten_by_what_keeps_it()
    {
        ForgetfulStorage storage = new();
        Assert.True(_space.TryAdd(storage, null, out _));
        Assert.True(_space.TryAllocate(out var place));
        Assert.True(_space.Duplicate(place));
        Assert.False(_space.Release(place));
        Assert.Empty(storage.Forgotten);
        Assert.True(_space.Release(place));
        Assert.Equal([1], storage.Forgotten);
    }

    [Fact]
    public void What_is_not_there_has_no_area_and_no_references()
    {
        Assert.True(_space.TryAdd(Partition(0, 8), 8, [3], null, out var number));
        Assert.Null(_space.AreaOf(new(1)));
        Assert.Null(_space.AreaOf(new(SwapAreaNumber.Most + 1)));
        Assert.Null(_space.AreaOf(new(byte.MaxValue)));
        Assert.All(
            (SwapPlace[])[new(number, default), new(number, new(3)), new(number, new(7)), new(number, new(8)),
                new(number, new(ulong.MaxValue)), new(new(1), new(1)), new(new(SwapAreaNumber.Most + 1), new(1))],
            place => Assert.Equal(0, _space.ReferencesOf(place)));
        Assert.False(_space.TryNextUsed(number, 0, out var none));
        Assert.Equal(new(number, default), none);
        Assert.True(_space.TryAllocate(out var place));
        Assert.True(_space.TryNextUsed(number, 1, out none));
        Assert.Equal(place, none);
        Assert.False(_space.TryNextUsed(number, 2, out _));
    }

    [Fact]
    public void When_all_numbers_are_taken_the_first_is_named_and_not_given()
    {
        SwapSpace space = new(areasMost: 2);
        Assert.True(space.TryAdd(Partition(0, 2), null, out _));
        Assert.True(space.TryFindNumber(out var number));
        Assert.Equal(1, number.Value);
        Assert.True(space.TryAdd(Partition(2, 2), null, out _));
        Assert.False(space.TryFindNumber(out number));
        Assert.Equal(0, number.Value);
        Assert.Equal([0, 1], space.Row.ToArray());
    }

    /// <summary>The bits of a cluster lie in several words, and some of them beside those of others.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(7)]
    [InlineData(6)]
    [InlineData(5)]
    public void A_large_area_is_filled_from_low_to_high_and_each_slot_is_found_again(int clusterShift)
    {
        const int Slots = 300;
        SimulatedDisk disk = new(Slots);
        SwapSpace space = new(clusterShift);
        Assert.True(space.TryAdd(new DiskStorage(disk, new SwapExtent(0, 0, Slots)), 0, out var number));
        for (int slot = 1; slot < Slots; slot++)
        {
            Assert.True(space.TryAllocate(out var place));
            Assert.Equal((ulong)slot, place.Slot.Value);
        }

        Assert.False(space.TryAllocate(out _));
        foreach (ulong slot in (ulong[])[299, 64, 1, 127, 256, 63, 200])
        {
            Assert.True(space.Release(new(number, new(slot))));
            Assert.True(space.TryAllocate(out var place));
            Assert.Equal(slot, place.Slot.Value);
        }
    }

    [Fact]
    public void Whoever_has_noted_a_slot_does_not_find_it_in_the_next_area_of_the_number()
    {
        Assert.True(_space.TryAdd(Partition(0, 2), null, out var number));
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.True(_space.TryAllocate(out var place));
            Assert.True(_space.Release(place));
        }

        _space.Close(number);
        _space.Remove(number);
        Assert.True(_space.TryAdd(Partition(0, 8), null, out number));
        Assert.All(
            (ulong[])[1, 7], slot => Assert.Equal(4u, _space.GenerationOf(new(number, new(slot)))));
    }

    [Fact]
    public void What_fails_leaves_half_of_it()
    {
        var page = new byte[SimulatedDisk.BlockBytes];
        page.AsSpan().Fill(7);
        (_disk.ReadFailsIn, _disk.WriteFailsIn) = (1, 1);
        Assert.False(_disk.TryWrite(3, page));
        var block = _disk.Block(3).ToArray();
        Assert.Equal((7, 7, 0xA5, 0xA5), (block[0], block[2047], block[2048], block[^1]));
        Assert.False(_disk.TryRead(5, page));
        Assert.Equal((0xA5, 0xA5, 7, 7), (page[0], page[2047], page[2048], page[^1]));
        Assert.Equal((0, 0), (_disk.Block(2)[^1], _disk.Block(4)[0]));
        Assert.Equal(64, _disk.Blocks);
        _disk.Clear();
        Assert.Equal((0, 0), (_disk.Block(3)[0], _disk.Block(3)[^1]));
    }

    [Fact]
    public void The_pieces_of_a_file_lie_in_the_opposite_order_of_its_pages()
    {
        SimulatedDevice device = new(_disk, new(SwapDeviceKind.File, 10, 3, 4, true), 5);
        Assert.Equal((10, 4, true, true), (device.Slots, device.FirstHole, device.IsFile, device.IsReadOnly));
        var page = new byte[SimulatedDisk.BlockBytes];
        for (int slot = 0; slot < device.Slots; slot++)
        {
            page.AsSpan().Fill((byte)(slot + 1));
            Assert.True(device.TryWrite(slot, page));
        }

        Assert.Equal(
            [0, 7, 8, 9, 10, 4, 5, 6, 1, 2, 3, 0], Enumerable.Range(4, 12).Select(block => (int)_disk.Block(block)[0]));
        device.Poke(4092, [1, 2, 3, 4]);
        Assert.Equal([1, 1, 2, 3, 4], _disk.Block(12)[4091..].ToArray());
        device.ShowHeader(page);
        Assert.Equal((1, 4), (page[0], page[^1]));
        device = new(_disk, new(SwapDeviceKind.Partition, 10, 1, 0, false), 0);
        Assert.Equal((10, false, false), (device.FirstHole, device.IsFile, device.IsReadOnly));
    }

    [Fact]
    public void A_page_stays_away_when_no_frame_is_free()
    {
        Assert.True(_space.TryAdd(Partition(0, 8), null, out _));
        SwapMemory memory = new(_space, 2, 1);
        Assert.Equal(SwapOutcome.Done, memory.Store(0, 0, 7));
        Assert.Equal(SwapOutcome.Done, memory.Out(0, out var place));
        Assert.Equal(SwapOutcome.Done, memory.Bring(1));
        Assert.Equal(0, memory.FramesFree);
        Assert.Equal(SwapOutcome.OutOfMemory, memory.Install(0, new byte[SimulatedDisk.BlockBytes]));
        Assert.Equal(SwapOutcome.OutOfMemory, memory.Bring(0));
        Assert.Equal(place, SwapMemory.PlaceOf(memory[0]));
        Assert.True(memory.Drop(1));
        Assert.Equal(1, memory.FramesFree);
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

    private sealed class ForgetfulStorage : ISwapStorage
    {
        public List<int> Forgotten { get; } = [];

        public int Slots => 4;

        public bool TryRead(int slot, Span<byte> page) => true;

        public bool TryWrite(int slot, ReadOnlySpan<byte> page) => true;

        public void Forget(int slot) => Forgotten.Add(slot);
    }
}
