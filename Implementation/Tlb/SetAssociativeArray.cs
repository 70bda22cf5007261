using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// A set-associative cache of words in two flat arrays, tags and payloads. Sets are padded to a multiple
/// of four ways, and the padding never holds an entry. A full set evicts round-robin, so the same
/// commands always leave the same entries.
/// </summary>
internal sealed class SetAssociativeArray
{
    private readonly ulong[] _tags;
    private readonly ulong[] _payloads;
    private readonly byte[] _next;
    private readonly int _ways;
    private readonly uint _stride;
    private readonly uint _setMask;

    public SetAssociativeArray(ArrayShape shape)
    {
        if (!BitOperations.IsPow2(shape.Sets) || shape.Ways is < 1 or > byte.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(shape), $"There is no array of shape {shape}.");
        }

        _ways = shape.Ways;
        _stride = (uint)((shape.Ways + Vector256<ulong>.Count - 1) & -Vector256<ulong>.Count);
        _setMask = (uint)shape.Sets - 1;
        _tags = new ulong[shape.Sets * (int)_stride];
        _payloads = new ulong[shape.Sets * (int)_stride];
        _next = new byte[shape.Sets];
    }

    /// <summary>All tags and payloads, set by set.</summary>
    public IEnumerable<(ulong Tag, ulong Payload)> Held
    {
        get
        {
            for (int slot = 0; slot < _tags.Length; slot++)
            {
                if (_tags[slot] != 0)
                {
                    yield return (_tags[slot], _payloads[slot]);
                }
            }
        }
    }

    /// <summary>
    /// The payload under either tag, in the set of the page number; zero when there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find(ulong tag, ulong otherTag, uint number)
    {
        int start = StartOf(number);
        int way = TagSet.WayOf(TagsFrom(start), tag, otherTag);
        return way < 0 ? 0 : Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_payloads), start + way);
    }

    /// <summary>The same, and the tag under which it is.</summary>
    public ulong Find(ulong tag, ulong otherTag, uint number, out ulong held)
    {
        int start = StartOf(number);
        int way = TagSet.WayOf(TagsFrom(start), tag, otherTag);
        held = way < 0 ? 0 : _tags[start + way];
        return way < 0 ? 0 : _payloads[start + way];
    }

    /// <summary>
    /// The payload of a page under a PCID, or as global, in the first four ways of its set; zero when it is
    /// not there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong FindAmongFour(ulong page, ulong pcid, uint number)
    {
        nuint start = (number & _setMask) * _stride;
        uint hits = TagSet.WaysOf(ref MemoryMarshal.GetArrayDataReference(_tags), start, page, pcid);
        nuint hit = start + (uint)BitOperations.TrailingZeroCount(hits);
        return hits == 0 ? 0 : Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_payloads), hit);
    }

    /// <summary>Keeps a payload under its tag, of which whoever calls has found none in its set.</summary>
    public void Insert(ulong tag, ulong payload, uint number)
    {
        int start = StartOf(number);
        var tags = TagsFrom(start);
        Debug.Assert(TagSet.WayOf(tags, tag, tag) < 0, "Two entries under one tag would not both be forgotten.");
        int way = TagSet.WayFor(tags, _ways, ref _next[number & _setMask]);
        tags[way] = tag;
        _payloads[start + way] = payload;
    }

    /// <summary>Forgets what is kept under the tag.</summary>
    public void Remove(ulong tag, uint number) => Remove(tag, tag, number);

    /// <summary>Forgets what is kept under either tag.</summary>
    public void Remove(ulong tag, ulong otherTag, uint number) =>
        TagSet.RemoveEither(TagsFrom(StartOf(number)), tag, otherTag);

    /// <summary>Forgets every entry whose tag, under a mask, is the wanted one.</summary>
    public void RemoveWhere(ulong mask, ulong wanted) => TagSet.RemoveWhere(_tags, mask, wanted);

    /// <summary>Forgets everything, the turns of eviction too.</summary>
    public void Clear()
    {
        _tags.AsSpan().Clear();
        _next.AsSpan().Clear();
    }

    /// <summary>Shows every entry.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor
    {
        for (int slot = 0; slot < _tags.Length; slot++)
        {
            if (_tags[slot] != 0)
            {
                visitor.Entry(_tags[slot], _payloads[slot]);
            }
        }
    }

    private int StartOf(uint number) => (int)((number & _setMask) * _stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<ulong> TagsFrom(int start) => MemoryMarshal.CreateSpan(
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tags), start), (int)_stride);
}
