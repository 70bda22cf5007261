using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using PageProof.Contract.Swap;

namespace PageProof.Spec.Swap;

/// <summary>What the header of a swap area says.</summary>
/// <param name="Pages">How many pages it has, the header included.</param>
/// <param name="Bad">Pages that cannot be used.</param>
public sealed record SwapAreaHeader(int Pages, ImmutableSortedSet<int> Bad);

/// <summary>
/// The first page of a swap area of version 1.
/// <code>
///     0 ........ 1023   for others: a disk label, a boot loader
///  1024   1028   1032   version, last page, how many pages are bad
///  1036 ........ 1051   UUID
///  1052 ........ 1067   label, filled up with zeros
///  1536   1540   ....   the bad pages
///  4086 ........ 4095   SWAPSPACE2
/// </code>
/// Numbers have four bytes, all in the byte order of whoever made the area.
/// Source: mkswap(8); Linux, include/linux/swap.h on union swap_header, and mm/swapfile.c (6.12) on reading it, on
/// headers of the other byte order, bad pages of files, and what is said of each header that is refused.
/// </summary>
public static class SwapHeaderFormat
{
    /// <summary>How many bytes the page has.</summary>
    public const int Bytes = 4096;

    /// <summary>The fewest pages that mkswap makes an area of.</summary>
    public const int PagesMin = 10;

    /// <summary>How many bad pages there is room for.</summary>
    public const int BadMost = (Signature - BadPages) / 4;

    private const int Version = 1024, LastPage = 1028, BadCount = 1032, Uuid = 1036, Label = 1052, BadPages = 1536;
    private const int Signature = 4086;
    private const uint Known = 1;
    private static readonly byte[] Mark = "SWAPSPACE2"u8.ToArray();

    /// <summary>Why mkswap refuses to make an area; none when it makes it.</summary>
    public static SwapReason Refusal(SwapDevice device, SwapCommand made) =>
        made.Pages < PagesMin ? SwapReason.TooSmall
        : made.Pages > device.Pages ? SwapReason.TooLarge
        : made.Bad.Count > 0 && (made.Bad.First < 1 || made.Bad.First + made.Bad.Count > made.Pages)
            ? SwapReason.BadPageOutside
        : made.Bad.Count > BadMost ? SwapReason.TooManyBadPages
        : made.Bad.Count == made.Pages - 1 ? SwapReason.Empty
        : SwapReason.None;

    /// <summary>The page that mkswap writes.</summary>
    public static ImmutableArray<byte> Of(SwapCommand made)
    {
        byte[] label = Encoding.ASCII.GetBytes(made.Label ?? "");
        var fields = Enumerable.Range(made.Bad.First, made.Bad.Count)
            .Select((page, index) => (BadPages + (4 * index), Number((uint)page)))
            .Append((Version, Number(Known)))
            .Append((LastPage, Number((uint)made.Pages - 1)))
            .Append((BadCount, Number((uint)made.Bad.Count)))
            .Append((Uuid, made.Uuid.ToByteArray(bigEndian: true)))
            .Append((Label, label))
            .Append((Signature, Mark));
        return fields.Aggregate(
            ImmutableArray.Create(new byte[Bytes]), (page, field) => With(page, field.Item1, field.Item2));
    }

    /// <summary>A page with other bytes at a place.</summary>
    public static ImmutableArray<byte> With(ImmutableArray<byte> page, int offset, byte[] bytes) =>
        page.RemoveRange(offset, bytes.Length).InsertRange(offset, bytes);

    /// <summary>What the page says of a device, or why it is refused.</summary>
    public static (SwapAreaHeader? Header, SwapReason Reason) Read(ImmutableArray<byte> page, SwapDevice device)
    {
        bool isOfOtherOrder = At(page, Version, isSwapped: true) == Known;
        uint last = At(page, LastPage, isOfOtherOrder), count = At(page, BadCount, isOfOtherOrder);
        var reason = !page.AsSpan()[Signature..].SequenceEqual(Mark) ? SwapReason.NoSignature
            // A header of the other order is turned round first, and may not have too many bad pages for that.
            : isOfOtherOrder && count > BadMost ? SwapReason.TooManyBadPages
            : At(page, Version, isOfOtherOrder) != Known ? SwapReason.WrongVersion
            : last == 0 ? SwapReason.Empty
            : last >= device.Pages ? SwapReason.Short
            : count != 0 && device.Kind == SwapDeviceKind.File ? SwapReason.BadPagesOfFile
            : count > BadMost ? SwapReason.TooManyBadPages
            : SwapReason.None;
        if (reason != SwapReason.None)
        {
            return (null, reason);
        }

        var bad = Enumerable.Range(0, (int)count).Select(index => At(page, BadPages + (4 * index), isOfOtherOrder));
        return bad.Any(each => each == 0 || each > last) ? (null, SwapReason.BadPageOutside)
            : bad.Distinct().Count() == last ? (null, SwapReason.Empty)
            : device.Hole != 0 && device.Hole <= last ? (null, SwapReason.Hole)
            : (new((int)last + 1, [.. bad.Select(each => (int)each)]), SwapReason.None);
    }

    /// <summary>Whether the version of a page is that of the other byte order.</summary>
    public static bool IsOfOtherOrder(ImmutableArray<byte> page) => At(page, Version, isSwapped: true) == Known;

    private static byte[] Number(uint value) => BitConverter.GetBytes(value);

    private static uint At(ImmutableArray<byte> page, int offset, bool isSwapped)
    {
        uint value = BitConverter.ToUInt32(page.AsSpan(offset, 4));
        return isSwapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }
}
