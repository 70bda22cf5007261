using System.Runtime.InteropServices;
using PageProof.Contract.Frames;

namespace PageProof.Implementation.Frames;

/// <summary>
/// What is known of one frame, in 32 bytes: two records share a cache line. Of a block only the first frame
/// has a record that says anything; the others are tails, so that a block is split, merged and given out
/// without a look at all its frames.
/// </summary>
/// <remarks>
/// <code>
///  0          4          8      10     11     12           16     20        24      28
///  References  Mappings   Pins   Flags  kind   FirstMapping  Next   Previous  Owner   Index
///                                       and order
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FrameRecord
{
    private const int OrderBits = 4;
    private const int OrderMask = (1 << OrderBits) - 1;

    /// <summary>All that hold the frame: who took it, mappings, pins, and a cache.</summary>
    public int References;

    /// <summary>How many entries of page tables lead to it.</summary>
    public int Mappings;

    /// <summary>How many devices or others read or write it behind the page tables.</summary>
    public ushort Pins;

    public FrameFlags Flags;

    private byte _kindAndOrder;

    /// <summary>The first node of the chain of its mappings; 0 when there is none.</summary>
    public int FirstMapping;

    /// <summary>
    /// The next free block of the order. While the frame is in use the links are the user's, who puts the new
    /// frame in the place of one that is moved.
    /// </summary>
    public int Next;

    /// <summary>The one before it.</summary>
    public int Previous;

    /// <summary>Of which object a cached frame holds a page.</summary>
    public int Owner;

    /// <summary>Which page of that object.</summary>
    public uint Index;

    public readonly FrameKind Kind => (FrameKind)(_kindAndOrder >> OrderBits);

    public readonly int Order => _kindAndOrder & OrderMask;

    /// <summary>References of those who took the frame or hold it without mapping or pinning it.</summary>
    public readonly int Holds => References - Mappings - Pins - ((Flags & FrameFlags.Cached) != 0 ? 1 : 0);

    /// <summary>
    /// Whether its content may be taken elsewhere: whoever holds a reference can be told. A frame whose
    /// last reference is just being dropped is about to be given back.
    /// </summary>
    public readonly bool IsMovable =>
        Kind is FrameKind.Anonymous or FrameKind.File && Order == 0 && Pins == 0 && Holds == 0 && References > 0;

    public void Become(FrameKind kind, int order) => _kindAndOrder = (byte)((int)kind << OrderBits | order);
}
