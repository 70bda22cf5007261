using System.Buffers.Binary;
using System.Text;
using PageProof.Contract.Swap;

namespace PageProof.Implementation.Swap;

/// <summary>
/// The first page of a swap area: made in the byte order of this machine, and read in either. What it says is looked
/// at in the order in which Linux does, so that the same header is refused for the same reason.
/// </summary>
public static class SwapHeader
{
    private const int PageBytes = 4096;
    private const int PagesMin = 10;
    private const int Version = 1024;
    private const int LastPage = 1028;
    private const int BadCount = 1032;
    private const int Uuid = 1036;
    private const int Label = 1052;
    private const int BadPages = 1536;
    private const int Signature = 4086;
    private const int BadMost = (Signature - BadPages) / sizeof(uint);

    private static ReadOnlySpan<byte> Mark => "SWAPSPACE2"u8;

    /// <summary>Makes the first page of an area on a device of so many pages; none when it can be made.</summary>
    public static SwapReason Make(in SwapCommand asked, int devicePages, Span<byte> page)
    {
        var (pages, bad) = (asked.Pages, asked.Bad);
        var reason = pages < PagesMin ? SwapReason.TooSmall
            : pages > devicePages ? SwapReason.TooLarge
            : bad.Count > 0 && (bad.First < 1 || bad.First + bad.Count > pages) ? SwapReason.BadPageOutside
            : bad.Count > BadMost ? SwapReason.TooManyBadPages
            : bad.Count == pages - 1 ? SwapReason.Empty
            : SwapReason.None;
        if (reason != SwapReason.None)
        {
            return reason;
        }

        page[..PageBytes].Clear();
        Put(page, Version, 1);
        Put(page, LastPage, pages - 1);
        Put(page, BadCount, bad.Count);
        asked.Uuid.TryWriteBytes(page[Uuid..], bigEndian: true, out _);
        Encoding.ASCII.GetBytes(asked.Label ?? "", page[Label..]);
        for (int index = 0; index < bad.Count; index++)
        {
            Put(page, BadPages + index * sizeof(uint), bad.First + index);
        }

        Mark.CopyTo(page[Signature..]);
        return SwapReason.None;
    }

    /// <summary>
    /// What the first page says of a device: how many pages the area has, and which of them are bad; or why it is none.
    /// </summary>
    /// <param name="page">The first page.</param>
    /// <param name="device">The device.</param>
    /// <param name="pages">How many pages the area has.</param>
    /// <param name="bad">The bad ones.</param>
    public static SwapReason Read(ReadOnlySpan<byte> page, ISwapDevice device, out int pages, out int[] bad)
    {
        (pages, bad) = (0, []);
        if (!page[Signature..].StartsWith(Mark))
        {
            return SwapReason.NoSignature;
        }

        bool isTurned = Get(page, Version, true) == 1;
        uint last = Get(page, LastPage, isTurned), count = Get(page, BadCount, isTurned);
        var reason = isTurned && count > BadMost ? SwapReason.TooManyBadPages
            : Get(page, Version, isTurned) != 1 ? SwapReason.WrongVersion
            : last == 0 ? SwapReason.Empty
            : last >= device.Slots ? SwapReason.Short
            : count != 0 && device.IsFile ? SwapReason.BadPagesOfFile
            : count > BadMost ? SwapReason.TooManyBadPages
            : SwapReason.None;
        if (reason != SwapReason.None)
        {
            return reason;
        }

        pages = (int)last + 1;
        return ReadBad(page, pages, isTurned, bad = new int[count]) is not SwapReason.None and var wrong ? wrong
            : device.FirstHole < pages ? SwapReason.Hole : SwapReason.None;
    }

    private static SwapReason ReadBad(ReadOnlySpan<byte> page, int pages, bool isTurned, Span<int> bad)
    {
        Span<bool> isBad = new bool[pages];
        int usable = pages - 1;
        for (int index = 0; index < bad.Length; index++)
        {
            uint each = Get(page, BadPages + index * sizeof(uint), isTurned);
            if (each == 0 || each >= pages)
            {
                return SwapReason.BadPageOutside;
            }

            bad[index] = (int)each;
            usable -= isBad[(int)each] ? 0 : 1;
            isBad[(int)each] = true;
        }

        return usable == 0 ? SwapReason.Empty : SwapReason.None;
    }

    private static void Put(Span<byte> page, int offset, int value) =>
        BitConverter.TryWriteBytes(page[offset..], (uint)value);

    private static uint Get(ReadOnlySpan<byte> page, int offset, bool isTurned)
    {
        uint value = BitConverter.ToUInt32(page[offset..]);
        return isTurned ? BinaryPrimitives.ReverseEndianness(value) : value;
    }
}
