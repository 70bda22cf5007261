using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// What is done with the tags of one set, or of a whole array: a row of words whose number is a multiple
/// of four, compared four at once. A tag is told by <see cref="TlbTag"/>; zero is no entry.
/// </summary>
internal static class TagSet
{
    /// <summary>The first way that has either tag; -1 when none has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WayOf(ReadOnlySpan<ulong> tags, ulong tag, ulong otherTag)
    {
        ref ulong first = ref MemoryMarshal.GetReference(tags);
        var wanted = Vector256.Create(tag);
        var other = Vector256.Create(otherTag);
        int way = 0;
        do
        {
            var held = Vector256.LoadUnsafe(ref first, (nuint)way);
            uint hits = (Vector256.Equals(held, wanted) | Vector256.Equals(held, other)).ExtractMostSignificantBits();
            if (hits != 0)
            {
                return way + BitOperations.TrailingZeroCount(hits);
            }

            way += Vector256<ulong>.Count;
        }
        while (way < tags.Length);

        return -1;
    }

    /// <summary>Which of four ways from a slot have the tag of a page with a PCID, or with G: a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint WaysOf(ref ulong tags, nuint slot, ulong page, ulong pcid)
    {
        var rest = Vector256.LoadUnsafe(ref tags, slot) ^ Vector256.Create(page);

        // Survivor: what is not found here is found by a search of all ways, later.
        var hits = Vector256.Equals(rest, Vector256.Create(pcid))
            | Vector256.Equals(rest, Vector256.Create(TlbTag.Global));
        return hits.ExtractMostSignificantBits();
    }

    /// <summary>The way of a new entry: the first that is empty, else the one whose turn it is.</summary>
    public static int WayFor(ReadOnlySpan<ulong> tags, int ways, ref byte next)
    {
        int empty = WayOf(tags, 0, 0);

        // The padding behind the last way is empty for ever.
        if ((uint)empty < (uint)ways)
        {
            return empty;
        }

        // Without a branch: which of a random set's turns is the last nobody could foresee.
        int way = next;
        int after = way + 1;
        next = (byte)(after & (after - ways) >> 31);
        return way;
    }

    /// <summary>Empties every way that has either tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RemoveEither(Span<ulong> tags, ulong tag, ulong otherTag)
    {
        ref ulong first = ref MemoryMarshal.GetReference(tags);
        var sought = Vector256.Create(tag);
        var other = Vector256.Create(otherTag);
        for (int way = 0; way < tags.Length; way += Vector256<ulong>.Count)
        {
            var held = Vector256.LoadUnsafe(ref first, (nuint)way);
            var gone = Vector256.Equals(held, sought) | Vector256.Equals(held, other);
            Vector256.AndNot(held, gone).StoreUnsafe(ref first, (nuint)way);
        }
    }

    /// <summary>Empties every way whose tag, under a mask, is the wanted one.</summary>
    public static void RemoveWhere(Span<ulong> tags, ulong mask, ulong wanted)
    {
        ref ulong first = ref MemoryMarshal.GetReference(tags);
        var masks = Vector256.Create(mask);
        var sought = Vector256.Create(wanted);
        for (int way = 0; way < tags.Length; way += Vector256<ulong>.Count)
        {
            var held = Vector256.LoadUnsafe(ref first, (nuint)way);
            var gone = Vector256.Equals(held & masks, sought);
            Vector256.AndNot(held, gone).StoreUnsafe(ref first, (nuint)way);
        }
    }
}
