using System.Runtime.InteropServices;
using PageProof.Contract.Kernel;

namespace PageProof.Reality.Linux;

/// <summary>
/// Rings of io_uring, which stand for devices: a buffer that is registered with one is pinned for long, to be written.
/// There is one for each pin, and a pipe through which bytes come and go. The root has them open, in memory of its own,
/// and so have all of its children. Source: Linux 6.18, io_uring_setup(2), io_uring_register(2), io_uring_enter(2).
/// </summary>
internal static class StubRing
{
    /// <summary>IORING_UNREGISTER_BUFFERS.</summary>
    public const ulong UnregisterBuffers = 1;

    /// <summary>Where a ring keeps its words, as the kernel says when it makes one; we go on if it is so.</summary>
    public const int RequestTail = 4;
    public const int AnswerHead = 8;
    public const int AnswerMask = 15;
    public const int Answers = 64;
    public const int RequestMask = 7;

    /// <summary>The ends of the pipe.</summary>
    public const int ReadEnd = First + KernelSequence.Pins;
    public const int WriteEnd = ReadEnd + 1;

    private const int First = 40;
    private const uint OurMemory = 1 << 14 | 1 << 16; // IORING_SETUP_NO_MMAP, IORING_SETUP_NO_SQARRAY
    private const ulong NoWait = 0x800; // O_NONBLOCK
    private const ulong ReadWrite = 3;
    private const ulong SharedThere = 0x100021; // MAP_SHARED, MAP_ANONYMOUS, MAP_FIXED_NOREPLACE
    private const int Parameters = 120;
    private const int OffsetsOfRequests = 40;
    private const int OffsetsOfAnswers = 80;
    private const int AddressOfMemory = 32;

    public static int DescriptorOf(int pin) => First + pin;

    /// <summary>Where it is kept at what address the buffer of a pin begins.</summary>
    public static ulong StartOf(int pin) => StubLayout.Shared + StubLayout.PinStarts + (ulong)pin * sizeof(ulong);

    public static ulong AddressOf(int pin) => StubLayout.Rings + (ulong)pin * StubLayout.RingLength;

    /// <summary>Makes the rings; false when the kernel has none, or forbids them, or lays them out otherwise.</summary>
    public static bool TryOpen(StubTree tree)
    {
        bool open = Run(tree, StubOperation.Call(
            StubTree.Root, SystemCall.Mmap, StubLayout.Rings, StubLayout.RingsLength, ReadWrite, SharedThere,
            ulong.MaxValue));
        for (int pin = 0; open && pin < KernelSequence.Pins; pin++)
        {
            open = TryOpen(tree, pin);
        }

        ulong place = StubTree.BufferAddress + KernelOrder.Texts;
        return open && Run(
            tree,
            Root(SystemCall.Pipe2, place, NoWait),
            Root(SystemCall.Dup2, 0, ReadEnd),
            Root(SystemCall.Dup2, 1, WriteEnd),
            Root(SystemCall.Close, 0),
            Root(SystemCall.Close, 1));
    }

    private static bool TryOpen(StubTree tree, int pin)
    {
        var parameters = tree.Buffer.Slice(KernelOrder.Texts, Parameters);
        parameters.Clear();
        MemoryMarshal.Write(parameters[8..], OurMemory);
        MemoryMarshal.Write(parameters[(OffsetsOfAnswers + AddressOfMemory)..], AddressOf(pin));
        MemoryMarshal.Write(
            parameters[(OffsetsOfRequests + AddressOfMemory)..], AddressOf(pin) + StubLayout.RingRequests);
        ulong place = StubTree.BufferAddress + KernelOrder.Texts;
        if (!Run(tree, Root(SystemCall.IoUringSetup, RequestMask + 1, place)))
        {
            return false;
        }

        var requests = MemoryMarshal.Cast<byte, int>(parameters[OffsetsOfRequests..]);
        var answers = MemoryMarshal.Cast<byte, int>(parameters[OffsetsOfAnswers..]);
        bool known = requests[1] == RequestTail && answers[0] == AnswerHead && answers[5] == Answers;
        return Run(tree, Root(SystemCall.Dup2, 0, (ulong)DescriptorOf(pin)), Root(SystemCall.Close, 0)) && known;
    }

    private static StubOperation Root(SystemCall number, ulong a, ulong b = 0) =>
        StubOperation.Call(StubTree.Root, number, a, b);

    private static bool Run(StubTree tree, params ReadOnlySpan<StubOperation> operations)
    {
        var answers = new StubAnswer[operations.Length];
        tree.Run(operations, answers);
        return answers.All(answer => answer.Value >= 0);
    }
}
