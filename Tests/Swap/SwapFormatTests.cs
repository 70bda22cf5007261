using System.Buffers.Binary;
using System.Text;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Swap;
using PageProof.Implementation.Swap;
using PageProof.Spec.Swap;

namespace PageProof.Tests.Swap;

/// <summary>
/// Headers at the limits of what is made and read, and entries bit by bit: what is said of each is the same of Spec and
/// Implementation.
/// </summary>
[InLane("swap")]
public sealed class SwapFormatTests
{
    private const int Version = 1024, LastPage = 1028, BadCount = 1032, FirstBad = 1536, Signature = 4086;
    private const int Most = 637;

    [Theory]
    [InlineData(9, 0, 0, SwapReason.TooSmall)]
    [InlineData(10, 0, 0, SwapReason.None)]
    [InlineData(1000, 0, 0, SwapReason.None)]
    [InlineData(1001, 0, 0, SwapReason.TooLarge)]
    [InlineData(20, 0, 1, SwapReason.BadPageOutside)]
    [InlineData(20, 1, 1, SwapReason.None)]
    [InlineData(20, 19, 1, SwapReason.None)]
    [InlineData(20, 19, 2, SwapReason.BadPageOutside)]
    [InlineData(20, 20, 1, SwapReason.BadPageOutside)]
    [InlineData(20, 2, 18, SwapReason.None)]
    [InlineData(20, 1, 19, SwapReason.Empty)]
    [InlineData(638, 1, Most, SwapReason.Empty)]
    [InlineData(639, 1, Most, SwapReason.None)]
    [InlineData(639, 1, Most + 1, SwapReason.TooManyBadPages)]
    public void Mkswap_makes_what_fits(int pages, int firstBad, int countBad, SwapReason reason)
    {
        SwapCommand made = new() { Pages = pages, Bad = new(firstBad, countBad) };
        Assert.Equal(reason, SwapHeaderFormat.Refusal(new(SwapDeviceKind.Partition, 1000, 1, 0, false), made));
        Assert.Equal(reason, SwapHeader.Make(made, 1000, new byte[SwapHeaderFormat.Bytes]));
    }

    [Fact]
    public void Each_field_stands_where_mkswap_puts_it()
    {
        SwapCommand made = new()
        {
            Pages = 20,
            Bad = new(3, 2),
            Uuid = new("01234567-89ab-cdef-0123-456789abcdef"),
            Label = "pageproof",
        };
        var page = new byte[SwapHeaderFormat.Bytes];
        page.AsSpan().Fill(0xFF);
        Assert.Equal(SwapReason.None, SwapHeader.Make(made, 20, page));
        Assert.Equal(page, SwapHeaderFormat.Of(made));
        Assert.Equal("01000000130000000200000001234567", Convert.ToHexStringLower(page[1024..1040]));
        Assert.Equal("89abcdef0123456789abcdef", Convert.ToHexStringLower(page[1040..1052]));
        Assert.Equal("pageproof\0\0\0\0\0\0\0", Encoding.ASCII.GetString(page[1052..1068]));
        Assert.Equal("030000000400000000", Convert.ToHexStringLower(page[1536..1545]));
        Assert.Equal("\0SWAPSPACE2", Encoding.ASCII.GetString(page[4085..]));
        Assert.All(page[..1024], each => Assert.Equal(0, each));
    }

    [Theory]
    [InlineData(SwapDeviceKind.Partition, 1, 19, "", SwapReason.None)]
    [InlineData(SwapDeviceKind.File, 1, 19, "", SwapReason.None)]
    [InlineData(SwapDeviceKind.Partition, 0, 19, "", SwapReason.WrongVersion)]
    [InlineData(SwapDeviceKind.Partition, 2, 0, "", SwapReason.WrongVersion)]
    [InlineData(SwapDeviceKind.Partition, 1, 0, "", SwapReason.Empty)]
    [InlineData(SwapDeviceKind.Partition, 1, 1, "", SwapReason.None)]
    [InlineData(SwapDeviceKind.Partition, 1, 20, "", SwapReason.Short)]
    [InlineData(SwapDeviceKind.Partition, 1, 0xFFFF_FFFFL, "", SwapReason.Short)]
    [InlineData(SwapDeviceKind.File, 1, 20, "1", SwapReason.Short)]
    [InlineData(SwapDeviceKind.File, 1, 19, "1", SwapReason.BadPagesOfFile)]
    [InlineData(SwapDeviceKind.Partition, 1, 19, "1 19", SwapReason.None)]
    [InlineData(SwapDeviceKind.Partition, 1, 19, "1 0", SwapReason.BadPageOutside)]
    [InlineData(SwapDeviceKind.Partition, 1, 18, "1 19", SwapReason.BadPageOutside)]
    [InlineData(SwapDeviceKind.Partition, 1, 3, "1 2", SwapReason.None)]
    [InlineData(SwapDeviceKind.Partition, 1, 3, "1 2 2 1", SwapReason.None)]
    [InlineData(SwapDeviceKind.Partition, 1, 3, "1 2 3", SwapReason.Empty)]
    [InlineData(SwapDeviceKind.Partition, 1, 3, "1 2 2 3 1", SwapReason.Empty)]
    [InlineData(SwapDeviceKind.Partition, 1, 1, "1", SwapReason.Empty)]
    public void A_header_is_refused_for_the_first_thing_that_is_wrong(
        SwapDeviceKind kind, int version, long last, string bad, SwapReason reason)
    {
        uint[] pages = [.. bad.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)];
        SwapDevice device = new(kind, 20, 1, 0, false);
        foreach (bool isTurned in (bool[])[false, true])
        {
            Reads(reason, Header(isTurned, (uint)version, (uint)last, pages), device);
        }
    }

    [Fact]
    public void What_is_read_is_how_many_pages_there_are_and_which_are_bad()
    {
        SimulatedDevice device = new(new(20), new(SwapDeviceKind.Partition, 20, 1, 0, false), 0);
        foreach (bool isTurned in (bool[])[false, true])
        {
            var page = Header(isTurned, 1, 9, [4, 2]);
            Assert.Equal(SwapReason.None, SwapHeader.Read(page, device, out int pages, out int[] bad));
            Assert.Equal((10, "4, 2"), (pages, string.Join(", ", bad)));
            var (header, _) = SwapHeaderFormat.Read([.. page], new(SwapDeviceKind.Partition, 20, 1, 0, false));
            Assert.Equal((10, "2, 4"), (header!.Pages, string.Join(", ", header.Bad.Order())));
            Assert.Equal(isTurned, SwapHeaderFormat.IsOfOtherOrder([.. page]));
        }
    }

    /// <summary>A header of the other order is turned round before anything else is looked at.</summary>
    [Fact]
    public void There_is_room_for_637_bad_pages_in_either_order()
    {
        SwapDevice device = new(SwapDeviceKind.Partition, 1000, 1, 0, false);
        uint[] full = [.. Enumerable.Range(1, Most).Select(each => (uint)each)];
        foreach (bool isTurned in (bool[])[false, true])
        {
            Reads(SwapReason.None, Header(isTurned, 1, 999, full), device);
            var page = Header(isTurned, 1, 999, full);
            Put(page, isTurned, BadCount, Most + 1);
            Reads(SwapReason.TooManyBadPages, page, device);
            Put(page, isTurned, LastPage, 0);
            Reads(isTurned ? SwapReason.TooManyBadPages : SwapReason.Empty, page, device);
        }
    }

    [Theory]
    [InlineData(5, 4, SwapReason.None)]
    [InlineData(5, 5, SwapReason.Hole)]
    [InlineData(19, 19, SwapReason.Hole)]
    [InlineData(0, 19, SwapReason.None)]
    public void An_area_ends_before_the_hole_of_its_file(int hole, int last, SwapReason reason) =>
        Reads(reason, Header(false, 1, (uint)last, []), new(SwapDeviceKind.File, 20, 1, hole, false));

    [Fact]
    public void Each_byte_of_the_signature_counts_and_comes_first()
    {
        SwapDevice device = new(SwapDeviceKind.Partition, 20, 1, 0, false);
        for (int place = Signature; place < SwapHeaderFormat.Bytes; place++)
        {
            var page = Header(false, 2, 0, []);
            page[place] ^= 1;
            Reads(SwapReason.NoSignature, page, device);
        }
    }

    [Theory]
    [InlineData(36, 1UL << 26)]
    [InlineData(46, 1UL << 36)]
    [InlineData(52, 1UL << 42)]
    public void An_area_has_as_many_slots_as_half_of_all_frames_there_could_be(int width, ulong slots) =>
        Assert.Equal(slots, AbsentEntryFormat.SlotsMax(new((byte)width)));

    /// <summary>The pictures at the head of the format, drawn out.</summary>
    [Fact]
    public void An_entry_says_where_a_page_is()
    {
        SwapPlace place = new(new(3), new(5));
        Assert.Equal(0x1FFF_FFFF_FFFF_F400u, AbsentEntryFormat.Swapped(place, false).Value);
        Assert.Equal(0x1FFF_FFFF_FFFF_F408u, AbsentEntryFormat.Swapped(place, true).Value);
        Assert.Equal(0x1FFF_FFFF_FFFF_F40Au, SwappedLeafFormat.Of(place, true, true).Value);
        Assert.Equal(0xFFFF_FFFF_FFFF_FE00u, AbsentEntryFormat.Lost().Value);
        Assert.Equal(
            0xFFFF_FFFF_FFFF_FE00u - (3UL << 57) - (0x12345UL << 9),
            AbsentEntryFormat.Moving(MigrationKind.Write, new(0x1234_5000)).Value);
        Assert.Equal(place, AbsentEntryFormat.PlaceOf(AbsentEntryFormat.Swapped(place, true)));
        Kinds(LeafKind.None, 0, 0x60);
        Kinds(LeafKind.Present, 1, 0x101);
        Kinds(LeafKind.Hidden, 0x100, 0x8000_0000_0000_0120);
        Kinds(LeafKind.Swap, 0x1FFF_FFFF_FFFF_F40A, 0x1FFF_FFFF_FFFF_F460, 1UL << 9);
        Kinds(LeafKind.Lost, 0xFFFF_FFFF_FFFF_FE00, 0xFFFF_FFFF_FFFF_FE60);
        Kinds(LeafKind.Migration, 0xFFFF_FFFF_FFFF_FE00 - (1UL << 57), 0xFFFF_FFFF_FFFF_FE00 - (3UL << 57));
    }

    [Fact]
    public void A_page_that_comes_back_may_be_stored_to_at_once_only_when_it_is_one_process_s_alone()
    {
        SwapPlace place = new(new(3), new(5));
        PagingEntry rights = new(0x8000_0000_0000_0027);
        Assert.Equal(
            0x8000_0000_1234_5027u,
            SwappedLeafFormat.In(SwappedLeafFormat.Of(place, true, false), Frame, rights).Value);
        Assert.Equal(
            0x8000_0000_1234_5025u,
            SwappedLeafFormat.In(SwappedLeafFormat.Of(place, false, false), Frame, rights).Value);
        Assert.Equal(
            0x8000_0000_1234_5825u,
            SwappedLeafFormat.In(SwappedLeafFormat.Of(place, false, true), Frame, rights).Value);
    }

    [Fact]
    public void Of_reads_and_writes_one_fails_and_none_when_none_is_to()
    {
        var state = SwapSpec.Begin(new(4, 0, 1, 9, []), new());
        Assert.Equal((state with { Reads = 1 }, false), state.Read());
        Assert.Equal((state with { Writes = 1 }, false), state.Write());
        state = state with { ReadFailsIn = 2, WriteFailsIn = 2 };
        Assert.Equal((state with { Reads = 1, ReadFailsIn = 1 }, false), state.Read());
        Assert.Equal((state with { Writes = 1, WriteFailsIn = 1 }, false), state.Write());
        state = state with { ReadFailsIn = 1, WriteFailsIn = 1 };
        Assert.Equal((state with { Reads = 1, ReadFailsIn = 0 }, true), state.Read());
        Assert.Equal((state with { Writes = 1, WriteFailsIn = 0 }, true), state.Write());
    }

    private static PhysicalAddress Frame => new(0x1234_5000);

    private static void Kinds(LeafKind kind, params ReadOnlySpan<ulong> entries)
    {
        foreach (ulong entry in entries)
        {
            Assert.Equal(kind, AbsentEntryFormat.KindOf(new(entry)));
        }
    }

    private static void Reads(SwapReason reason, byte[] page, SwapDevice device)
    {
        Assert.Equal(reason, SwapHeaderFormat.Read([.. page], device).Reason);
        SimulatedDevice simulated = new(new(device.Pages), device, 0);
        Assert.Equal(reason, SwapHeader.Read(page, simulated, out _, out _));
    }

    private static byte[] Header(bool isTurned, uint version, uint last, uint[] bad)
    {
        var page = new byte[SwapHeaderFormat.Bytes];
        "SWAPSPACE2"u8.CopyTo(page.AsSpan(Signature));
        Put(page, isTurned, Version, version);
        Put(page, isTurned, LastPage, last);
        Put(page, isTurned, BadCount, (uint)bad.Length);
        foreach (var (index, each) in bad.Index())
        {
            Put(page, isTurned, FirstBad + (4 * index), each);
        }

        return page;
    }

    private static void Put(byte[] page, bool isTurned, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(
            page.AsSpan(offset), isTurned ? BinaryPrimitives.ReverseEndianness(value) : value);
}
