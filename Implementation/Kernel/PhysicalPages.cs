using System.Runtime.InteropServices;
using PageProof.Contract.Frames;
using PageProof.Implementation.Frames;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// The memory of the machine, in one flat array, with the records of its frames. Frame 0 is never given out,
/// so that no entry of a table leads to address 0; frame 1 holds the zeros that are read where nothing was
/// written.
/// </summary>
internal sealed class PhysicalPages
{
    /// <summary>The frame of zeros.</summary>
    public const int ZeroFrame = 1;

    /// <summary>The first frame that is given out.</summary>
    public const int FirstFree = 2;

    public const int WordsOfFrame = 512;

    private const int FrameBits = 12;

    private readonly ulong[] _words;
    private readonly int _count;
    private int _used;

    /// <summary>Memory of so many frames, for so many CPUs.</summary>
    public PhysicalPages(int count, int mappingsMost, int cpus, FrameCacheSize size)
    {
        _count = count;
        _words = new ulong[count * WordsOfFrame];
        Memory = new(_words, new((ulong)count << FrameBits));
        Table = new(count, mappingsMost);
        Frames = new(Table, new BuddyAllocator(Table, FirstFree, count - FirstFree), cpus, size);
        Reset(0);
    }

    /// <summary>The memory as processors see it.</summary>
    public FlatMemory Memory { get; }

    public FrameTable Table { get; }

    public FrameAllocator Frames { get; }

    /// <summary>How many frames can be given out.</summary>
    public int Total => _used - FirstFree;

    /// <summary>
    /// All is free again; what frames hold stays. There can be fewer than there are: the rest is never given out.
    /// </summary>
    public void Reset(int frames)
    {
        _used = frames == 0 ? _count : Math.Min(frames, _count);
        Frames.Reset(FirstFree, Total);
        for (int frame = _used; frame < _count; frame++)
        {
            Table.Begin(frame, 0, FrameKind.Reserved);
        }

        Table.Begin(0, 0, FrameKind.Reserved);
        Table.Begin(ZeroFrame, 0, FrameKind.Zero);
        Clear(ZeroFrame);
    }

    /// <summary>The words of a frame.</summary>
    public Span<ulong> WordsOf(int frame) => _words.AsSpan(frame * WordsOfFrame, WordsOfFrame);

    /// <summary>The bytes of a frame.</summary>
    public Span<byte> BytesOf(int frame) => MemoryMarshal.AsBytes(WordsOf(frame));

    public void Clear(int frame) => WordsOf(frame).Clear();

    public void Copy(int from, int to) => WordsOf(from).CopyTo(WordsOf(to));

    /// <summary>The frame of an address in memory, or of an entry that leads to one.</summary>
    public static int FrameOf(ulong address) => (int)((address & EntryBits.Frame) >> FrameBits);

    /// <summary>Where a frame lies in memory.</summary>
    public static ulong AddressOf(int frame) => (ulong)frame << FrameBits;
}
