namespace PageProof.Reality.Linux;

/// <summary>
/// Where the stub's own pages lie in each of its processes, far from whatever is tried out. Everything that
/// is written there is one mapping of one shared file.
/// <code>
/// 0x0000 control page: head, then one block for each process and one for the controller
/// 0x1000 the records of a batch
/// 0xa000 signal stacks
/// 0x30000 bytes for system calls to read and write
/// </code>
/// </summary>
internal static class StubLayout
{
    public const ulong PageSize = 4096;

    /// <summary>The only page of code.</summary>
    public const ulong Text = 0x8_0000_0000;

    /// <summary>
    /// The heap that brk moves begins behind the page of data that the program is started with, which is unmapped
    /// then: in the arena of what is tried out, so that both meet.
    /// </summary>
    public const ulong Heap = 0x10_0000_A000;

    public const ulong Shared = 0x3000_0000_0000;

    /// <summary>The rings of the devices that pin: each the ring, and then its requests.</summary>
    public const ulong Rings = 0x3000_4000_0000;
    public const ulong RingLength = 0x4000;
    public const int RingRequests = 0x2000;
    public const ulong RingsLength = 0xC000;

    public const ulong UserEnd = 0x7fff_ffff_f000;

    // The head of the control page.
    public const int Current = 0x00;
    public const int Broken = 0x08;
    public const int Parent = 0x10;

    /// <summary>Where each buffer begins that is registered with a ring, a quadword each.</summary>
    public const int PinStarts = 0x20;

    // A block of the control page.
    public const int BlockLength = 0x100;
    public const int FirstBlock = BlockLength;
    public const int Turn = 0x00;
    public const int Pid = 0x04;
    public const int Last = 0x08;
    public const int Scratch = 0x20;

    public const int Records = 0x1000;
    public const int RecordLength = 144;
    public const int RecordCount = 256;

    public const int SignalStacks = 0xa000;
    public const int SignalStackLength = 0x4000;

    public const int Buffer = 0x30000;
    public const int BufferLength = 0x1400000;
    public const int Length = Buffer + BufferLength;

    /// <summary>Grows the multiplier of each word of a checksum.</summary>
    public const ulong ChecksumStep = 0x3C6E_F372_FE94_F82A;

    /// <summary>The processes by slot: those of a tree, the root that makes the first of them.</summary>
    public const int ProcessCount = 8;
    public const int Root = ProcessCount;

    /// <summary>Whoever fills the records takes turns like a process.</summary>
    public const int Controller = Root + 1;

    public static int Block(int slot) => FirstBlock + BlockLength * slot;
}
