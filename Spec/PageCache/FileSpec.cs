using System.Collections.Immutable;
using PageProof.Contract.PageCache;

namespace PageProof.Spec.PageCache;

/// <summary>A page of an object that is not all zeros.</summary>
/// <param name="Index">Which page, from 0.</param>
/// <param name="Content">Its bytes.</param>
public readonly record struct ObjectPage(ulong Index, PageContent Content);

/// <summary>
/// Something that processes share: a file, or memory without a name. It is its bytes; whoever reads, writes or
/// maps it sees the same ones. A last page may hold bytes beyond the length.
/// </summary>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Pages">Its pages that are not all zeros, in their order.</param>
/// <param name="Rights">How a file is open; memory without a name can be read and written.</param>
public sealed record MemoryObject(ulong Length, ImmutableArray<ObjectPage> Pages, FileRights Rights)
{
    /// <summary>How many pages it has, the last perhaps in part.</summary>
    public ulong PageCount => Length / PageContent.Bytes + (Length % PageContent.Bytes == 0 ? 0UL : 1UL);
}

/// <summary>
/// Reading, writing and changing the length of an object.
/// Source: pread(2), pwrite(2), ftruncate(2), and mmap(2) of what lies beyond the end of a file.
/// </summary>
public static class FileSpec
{
    /// <summary>The bytes of a page.</summary>
    public static PageContent PageOf(MemoryObject read, ulong index)
    {
        foreach (var page in read.Pages)
        {
            if (page.Index == index)
            {
                return page.Content;
            }
        }

        return PageContent.Zero;
    }

    /// <summary>The object with another page.</summary>
    public static MemoryObject WithPage(MemoryObject changed, ulong index, PageContent content)
    {
        int place = 0;
        while (place < changed.Pages.Length && changed.Pages[place].Index < index)
        {
            place++;
        }

        bool there = place < changed.Pages.Length && changed.Pages[place].Index == index;
        var without = there ? changed.Pages.RemoveAt(place) : changed.Pages;
        return changed with { Pages = content.Words.IsEmpty ? without : without.Insert(place, new(index, content)) };
    }

    /// <summary>How many bytes there are to read: none at the end or beyond.</summary>
    public static ulong BytesToRead(MemoryObject read, ulong offset, ulong count) =>
        Math.Min(count, read.Length - Math.Min(offset, read.Length));

    /// <summary>The checksum of the bytes of a range.</summary>
    public static ulong Sum(MemoryObject read, ulong offset, ulong count)
    {
        ulong sum = 0;
        foreach (var page in read.Pages)
        {
            ulong start = page.Index * PageContent.Bytes;
            ulong first = Math.Max(offset, start), end = Math.Min(offset + count, start + PageContent.Bytes);

            // Survivor: no bytes have the sum zero.
            sum += first < end ? page.Content.Sum((int)(first - start), (int)(end - start), first - offset) : 0;
        }

        return sum;
    }

    /// <summary>Writes up to eight bytes; beyond the end, the object grows, with zeros between.</summary>
    public static MemoryObject Write(MemoryObject written, ulong offset, int count, ulong value, bool keepsTail)
    {
        var grown = offset + (ulong)count > written.Length && count > 0
            ? SetLength(written, offset + (ulong)count, keepsTail)
            : written;
        int at = (int)(offset % PageContent.Bytes), here = Math.Min(count, PageContent.Bytes - at);
        ulong index = offset / PageContent.Bytes;
        grown = here == 0 ? grown : WithPage(grown, index, PageOf(grown, index).Store(at, here, value));
        return here == count ? grown : WithPage(
            grown, index + 1, PageOf(grown, index + 1).Store(0, count - here, value >> 8 * here));
    }

    /// <summary>Makes the bytes from an offset on, up to another, zero.</summary>
    public static MemoryObject Clear(MemoryObject changed, ulong from, ulong end)
    {
        var cleared = changed;
        foreach (var page in changed.Pages)
        {
            ulong start = page.Index * PageContent.Bytes;
            ulong first = Math.Max(from, start), last = Math.Min(end, start + PageContent.Bytes);

            // Survivor: to clear no bytes changes nothing.
            cleared = first < last
                ? WithPage(cleared, page.Index, page.Content.Clear((int)(first - start), (int)(last - start)))
                : cleared;
        }

        return cleared;
    }

    /// <summary>
    /// Changes the length. What is cut off is gone, and the rest of the last page becomes zero. An object that
    /// grows gets zeros; what was stored beyond its end through a mapping is kept by some file systems.
    /// </summary>
    public static MemoryObject SetLength(MemoryObject changed, ulong length, bool keepsTail)
    {
        bool shorter = length <= changed.Length;
        ulong end = Math.Min(length, changed.Length), last = end / PageContent.Bytes;
        int tail = (int)(end % PageContent.Bytes);
        var cleared = tail == 0 || (!shorter && keepsTail)
            ? changed
            : WithPage(changed, last, PageOf(changed, last).Clear(tail, PageContent.Bytes));
        return cleared with
        {
            Length = length,
            Pages = shorter ? cleared.Pages.RemoveAll(page => page.Index * PageContent.Bytes >= length) : cleared.Pages,
        };
    }
}
