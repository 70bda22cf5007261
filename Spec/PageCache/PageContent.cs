using System.Collections.Immutable;
using PageProof.Contract.Kernel;

namespace PageProof.Spec.PageCache;

/// <summary>Eight bytes of a page, lowest first.</summary>
/// <param name="Index">Which eight.</param>
/// <param name="Value">What they are.</param>
public readonly record struct ContentWord(int Index, ulong Value);

/// <summary>The 4096 bytes of a page: its words that are not zero, in their order.</summary>
public readonly record struct PageContent(ImmutableArray<ContentWord> Words)
{
    /// <summary>The bytes of a page.</summary>
    public const int Bytes = 4096;

    private const int WordBytes = sizeof(ulong);

    /// <summary>A page of zeros.</summary>
    public static PageContent Zero { get; } = new([]);

    /// <summary>One byte.</summary>
    public byte ByteAt(int offset) => (byte)(WordAt(offset / WordBytes) >> 8 * (offset % WordBytes));

    /// <summary>Up to eight bytes that lie in the page, lowest first.</summary>
    public ulong Load(int offset, int count)
    {
        ulong loaded = 0;
        for (int place = 0; place < count; place++)
        {
            loaded |= (ulong)ByteAt(offset + place) << 8 * place;
        }

        return loaded;
    }

    /// <summary>The page with up to eight bytes changed.</summary>
    public PageContent Store(int offset, int count, ulong value)
    {
        PageContent changed = this;
        for (int place = 0; place < count;)
        {
            int at = offset + place, shift = at % WordBytes;
            int here = Math.Min(count - place, WordBytes - shift);
            ulong mask = (here == WordBytes ? ulong.MaxValue : (1UL << 8 * here) - 1) << 8 * shift;
            ulong moved = value >> 8 * place << 8 * shift;
            changed = changed.With(at / WordBytes, changed.WordAt(at / WordBytes) & ~mask | moved & mask);
            place += here;
        }

        return changed;
    }

    /// <summary>The page with zeros from an offset on, up to another.</summary>
    public PageContent Clear(int from, int end)
    {
        PageContent changed = this;
        foreach (var word in Words)
        {
            int first = Math.Max(from, word.Index * WordBytes), last = Math.Min(end, (word.Index + 1) * WordBytes);
            changed = first < last ? changed.Store(first, last - first, 0) : changed;
        }

        return changed;
    }

    /// <summary>
    /// What the bytes from an offset on, up to another, add to the checksum of a range in which the first of
    /// them has a place.
    /// </summary>
    public ulong Sum(int from, int end, ulong place)
    {
        ulong sum = 0;
        foreach (var word in Words)
        {
            int first = Math.Max(from, word.Index * WordBytes), last = Math.Min(end, (word.Index + 1) * WordBytes);
            for (int at = first; at < last; at++)
            {
                ulong position = place + (ulong)(at - from);
                ulong multiplier = 1 + position / WordBytes * KernelAnswer.ChecksumStep;
                sum += ((ulong)ByteAt(at) << 8 * (int)(position % WordBytes)) * multiplier;
            }
        }

        return sum;
    }

    private ulong WordAt(int index)
    {
        int place = PlaceOf(index);
        return place < Words.Length && Words[place].Index == index ? Words[place].Value : 0;
    }

    private PageContent With(int index, ulong value)
    {
        int place = PlaceOf(index);
        bool there = place < Words.Length && Words[place].Index == index;
        return (there, value) switch
        {
            (true, 0) => new(Words.RemoveAt(place)),
            (true, _) => new(Words.SetItem(place, new(index, value))),
            (false, 0) => this,
            _ => new(Words.Insert(place, new(index, value))),
        };
    }

    // The first word that is not before the index.
    private int PlaceOf(int index)
    {
        int low = 0, high = Words.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;

            // Survivor: words that are kept from the last to the first are found as well.
            (low, high) = Words[middle].Index < index ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
