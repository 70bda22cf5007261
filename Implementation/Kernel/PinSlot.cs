using PageProof.Implementation.AddressSpaces;

namespace PageProof.Implementation.Kernel;

/// <summary>Bytes that a device has pinned: the frames that they lie in. Whoever adds a frame has pinned it.</summary>
internal sealed class PinSlot(ulong bytesMost)
{
    // One more, since the first byte can lie anywhere in its page.
    private readonly int[] _frames = new int[bytesMost / AddressSpace.PageBytes + 1];

    /// <summary>The frames, in the order of the bytes.</summary>
    public ReadOnlySpan<int> Frames => _frames.AsSpan(0, Count);

    /// <summary>How many frames there are; none where nothing is pinned.</summary>
    public int Count { get; private set; }

    /// <summary>Which byte of the first frame comes first.</summary>
    public int Start { get; private set; }

    /// <summary>How many bytes.</summary>
    public ulong Length { get; private set; }

    /// <summary>Whether the device may write.</summary>
    public bool Writes { get; private set; }

    public void Add(int frame) => _frames[Count++] = frame;

    public void Describe(int start, ulong length, bool writes) => (Start, Length, Writes) = (start, length, writes);

    /// <summary>Nothing is pinned any more.</summary>
    public void Clear() => Count = 0;
}
