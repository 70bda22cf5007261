using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// A set-associative cache of words in two flat arrays, tags and payloads. The tags of a set are compared
/// four at once; sets are padded to a multiple of four ways, and the padding never holds an entry. A full
/// set evicts round-robin, so the same commands always leave the same entries.
/// </summary>
internal sealed class SetAssociativeArray
{
    private readonly ulong[] _tags;
    private readonly ulong[] _payloads;
    private readonly byte[] _next;
    private readonly int _ways;
    private readonly int _stride;
    private readonly uint _setMask;

    public SetAssociativeArray(ArrayShape shape)
    {
        if (!BitOperations.IsPow2(shape.Sets) || shape.Ways is < 1 or > byte.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(shape), $"There is no array of shape {shape}.");
        }

        _ways = shape.Ways;
        _stride = (shape.Ways + Vector256<ulong>.Count - 1) / Vector256<ulong>.Count * Vector256<ulong>.Count;
        _setMask = (uint)shape.Sets - 1;
        _tags = new ulong[shape.Sets * _stride];
        _payloads = new ulong[shape.Sets * _stride];
        _next = new byte[shape.Sets];
    }

    /// <summary>
    /// The payload under either tag, in the set of the page number; zero when there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find(ulong tag, ulong otherTag, uint number)
    {
        int start = (int)(number & _setMask) * _stride;
        ref ulong tags = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tags), start);
        var wanted = Vector256.Create(tag);
        var other = Vector256.Create(otherTag);
        for (int way = 0; way < _stride; way += Vector256<ulong>.Count)
        {
            var held = Vector256.LoadUnsafe(ref tags, (nuint)way);
            uint hits = (Vector256.Equals(held, wanted) | Vector256.Equals(held, other)).ExtractMostSignificantBits();
            if (hits != 0)
            {
                return _payloads[start + way + BitOperations.TrailingZeroCount(hits)];
            }
        }

        return 0;
    }

    /// <summary>Keeps a payload under its tag, of which whoever calls has found none in its set.</summary>
    public void Insert(ulong tag, ulong payload, uint number)
    {
        int set = (int)(number & _setMask), start = set * _stride;
        Debug.Assert(SlotOf(tag, start) < 0, "Two entries under one tag would not both be forgotten.");
        int slot = SlotOf(0, start);
        if (slot < 0)
        {
            int way = _next[set];
            _next[set] = (byte)(way + 1 == _ways ? 0 : way + 1);
            slot = start + way;
        }

        _tags[slot] = tag;
        _payloads[slot] = payload;
    }

    /// <summary>Forgets what is kept under the tag.</summary>
    public void Remove(ulong tag, uint number)
    {
        int slot = SlotOf(tag, (int)(number & _setMask) * _stride);
        if (slot >= 0)
        {
            _tags[slot] = 0;
        }
    }

    /// <summary>Forgets every entry whose tag, under a mask, is the wanted one.</summary>
    public void RemoveWhere(ulong mask, ulong wanted)
    {
        var masks = Vector256.Create(mask);
        var sought = Vector256.Create(wanted);
        ref ulong tags = ref MemoryMarshal.GetArrayDataReference(_tags);
        for (nuint slot = 0; slot < (nuint)_tags.Length; slot += (nuint)Vector256<ulong>.Count)
        {
            var held = Vector256.LoadUnsafe(ref tags, slot);
            var gone = Vector256.Equals(held & masks, sought);
            Vector256.AndNot(held, gone).StoreUnsafe(ref tags, slot);
        }
    }

    /// <summary>Forgets everything, the turns of eviction too.</summary>
    public void Clear()
    {
        _tags.AsSpan().Clear();
        _next.AsSpan().Clear();
    }

    private int SlotOf(ulong tag, int start)
    {
        int way = _tags.AsSpan(start, _ways).IndexOf(tag);
        return way < 0 ? -1 : start + way;
    }
}
