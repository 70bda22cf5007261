using System.Runtime.InteropServices;

namespace PageProof.Reality.Linux;

/// <summary>What a process of the stub can be told to do.</summary>
public enum StubAction
{
    /// <summary>Nothing. A process that was just forked is ready when it has done this.</summary>
    None,

    /// <summary>A system call with its arguments as they are.</summary>
    Call,

    /// <summary>An mmap or mremap. What it gives, relative addresses begin at from then on.</summary>
    Map,

    /// <summary>Writes at most 8 bytes, which the operation holds, at a place of a file.</summary>
    WriteFile,

    /// <summary>
    /// Writes at most 8 bytes, which the operation holds, through descriptor 0, which is the memory of the process.
    /// </summary>
    ForceWrite,

    /// <summary>Tells by descriptor 0, the page map of the process, which of at most 64 pages are present.</summary>
    Presence,

    /// <summary>Reads a descriptor to its end.</summary>
    ReadToEnd,

    /// <summary>One load instruction.</summary>
    Load1,
    Load2,
    Load4,
    Load8,

    /// <summary>One store instruction.</summary>
    Store1,
    Store2,
    Store4,
    Store8,

    /// <summary>Reads at a place of a file, and tells the checksum of what it was.</summary>
    ReadFile,

    /// <summary>Loads whole pages by words, and tells the checksum of those that can be read.</summary>
    Sum,

    /// <summary>Opens the process of another slot, gives advice about a range of it, and closes it.</summary>
    MadviseOther,

    /// <summary>Makes the process of another slot, a copy of this one.</summary>
    Fork,

    /// <summary>Ends the process. The root has to wait for it next.</summary>
    Exit,

    /// <summary>Writes at most 8 bytes, which the operation holds, and then zeros.</summary>
    WritePipe,

    /// <summary>Reads from where a descriptor is, and tells the checksum of what it was.</summary>
    ReadPipe,

    /// <summary>Splices from a place of a file, which the operation holds.</summary>
    Splice,

    /// <summary>Gives bytes of its own memory to a pipe.</summary>
    VmSplice,

    /// <summary>Registers bytes of its own memory as the only buffer of a ring.</summary>
    Pin,

    /// <summary>A ring writes at most 8 bytes of its buffer to a pipe, from which they are read.</summary>
    PinLoad,

    /// <summary>A ring reads at most 8 bytes, which the operation holds, from a pipe into its buffer.</summary>
    PinStore,

    /// <summary>Gives up the buffer of a ring, if it has one.</summary>
    UnpinAny,
}

/// <summary>One operation for the process of a slot.</summary>
/// <param name="Slot">Which process does it.</param>
/// <param name="Action">What it does.</param>
/// <param name="Number">The system call.</param>
/// <param name="A">Its first argument, an address, or the flags of a fork.</param>
/// <param name="B">Its second argument, a value, or the slot of the new process.</param>
/// <param name="C">Its third argument.</param>
/// <param name="D">Its fourth argument.</param>
/// <param name="E">Its fifth argument.</param>
/// <param name="F">Its sixth argument.</param>
public readonly record struct StubOperation(
    int Slot,
    StubAction Action,
    SystemCall Number = default,
    ulong A = 0,
    ulong B = 0,
    ulong C = 0,
    ulong D = 0,
    ulong E = 0,
    ulong F = 0)
{
    /// <summary>
    /// The first argument is added to what the last mmap of the process, or of the one that forked it, has given.
    /// </summary>
    public bool IsRelative { get; init; }

    private const ulong SignalAtExit = 17; // SIGCHLD
    private const ulong SameParent = 0x8000; // CLONE_PARENT

    public static StubOperation Call(
        int slot, SystemCall number, ulong a = 0, ulong b = 0, ulong c = 0, ulong d = 0, ulong e = 0, ulong f = 0) =>
        new(slot, StubAction.Call, number, a, b, c, d, e, f);

    /// <summary>A call that gives an address, from which relative ones begin.</summary>
    public static StubOperation Map(
        int slot, SystemCall number, ulong a, ulong b, ulong c, ulong d, ulong e = 0, ulong f = 0) =>
        new(slot, StubAction.Map, number, a, b, c, d, e, f);

    public static StubOperation ReadToEnd(int slot, int descriptor, ulong address, int length) =>
        new(slot, StubAction.ReadToEnd, default, (ulong)descriptor, address, (ulong)length);

    /// <summary>Reads a file through memory of our own, which has room for a word more.</summary>
    public static StubOperation ReadFile(int slot, int descriptor, ulong address, ulong length, ulong offset) =>
        new(slot, StubAction.ReadFile, default, (ulong)descriptor, address, length, offset);

    public static StubOperation WriteFile(int slot, int descriptor, ulong value, ulong length, ulong offset) =>
        new(slot, StubAction.WriteFile, default, (ulong)descriptor, value, length, offset);

    /// <summary>The bytes go through memory of our own, which has room for a word more.</summary>
    public static StubOperation WritePipe(int slot, int descriptor, ulong value, ulong length, ulong memory) =>
        new(slot, StubAction.WritePipe, default, (ulong)descriptor, value, length, memory);

    /// <summary>The bytes go through memory of our own, which has room for a word more.</summary>
    public static StubOperation ReadPipe(int slot, int descriptor, ulong address, ulong length) =>
        new(slot, StubAction.ReadPipe, default, (ulong)descriptor, address, length);

    public static StubOperation Splice(int slot, int file, ulong offset, int pipe, ulong length) =>
        new(slot, StubAction.Splice, default, (ulong)file, offset, (ulong)pipe, length);

    public static StubOperation VmSplice(int slot, ulong address, ulong length, int pipe) =>
        new(slot, StubAction.VmSplice, default, address, length, (ulong)pipe);

    public static StubOperation Pin(int slot, int pin, ulong address, ulong length) =>
        new(slot, StubAction.Pin, default, address, length, (ulong)StubRing.DescriptorOf(pin), StubRing.StartOf(pin));

    public static StubOperation Unpin(int slot, int pin) =>
        Call(slot, SystemCall.IoUringRegister, (ulong)StubRing.DescriptorOf(pin), StubRing.UnregisterBuffers);

    public static StubOperation UnpinAny(int slot, int pin) =>
        Unpin(slot, pin) with { Action = StubAction.UnpinAny };

    public static StubOperation PinLoad(int slot, int pin, ulong offset, ulong length) => new(
        slot, StubAction.PinLoad, default, offset, length, (ulong)StubRing.DescriptorOf(pin), StubRing.StartOf(pin),
        StubRing.AddressOf(pin));

    public static StubOperation PinStore(int slot, int pin, ulong offset, ulong length, ulong value) =>
        PinLoad(slot, pin, offset, length) with { Action = StubAction.PinStore, F = value };

    public static StubOperation ForceWrite(int slot, ulong address, ulong value, ulong length) =>
        new(slot, StubAction.ForceWrite, default, address, value, length);

    /// <summary>The page map goes through memory of our own.</summary>
    public static StubOperation Presence(int slot, ulong address, ulong pages, ulong memory) =>
        new(slot, StubAction.Presence, default, address, memory, pages * sizeof(ulong));

    public static StubOperation MadviseOther(int slot, ulong address, ulong length, int other, ulong advice) =>
        new(slot, StubAction.MadviseOther, default, address, length, (ulong)other, advice);

    public static StubOperation Sum(int slot, ulong address, ulong length) =>
        new(slot, StubAction.Sum, default, address, length);

    public static StubOperation Load(int slot, ulong address, int size) =>
        new(slot, Sized(StubAction.Load1, size), default, address);

    public static StubOperation Store(int slot, ulong address, int size, ulong value) =>
        new(slot, Sized(StubAction.Store1, size), default, address, value);

    /// <summary>
    /// A fork, and the first thing that the new process does. All are children of the root, which outlives
    /// them, so that none dies because the process that forked it has ended.
    /// </summary>
    public static (StubOperation Fork, StubOperation Begin) Fork(int slot, int into) => (
        new(slot, StubAction.Fork, default, SignalAtExit | (slot == StubLayout.Root ? 0 : SameParent), (ulong)into),
        new(into, StubAction.None));

    /// <summary>The end of a process, and the wait until nothing is left of it.</summary>
    public static (StubOperation Exit, StubOperation Wait) Exit(int slot) => (
        new(slot, StubAction.Exit),
        Call(StubLayout.Root, SystemCall.Wait4, ulong.MaxValue));

    private static StubAction Sized(StubAction first, int size) => size switch
    {
        1 => first,
        2 => first + 1,
        4 => first + 2,
        8 => first + 3,
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "One access has 1, 2, 4 or 8 bytes."),
    };
}

/// <summary>What came of an operation.</summary>
/// <param name="Value">What the system call returned, what was loaded, or the checksum.</param>
/// <param name="Count">
/// ReadFile, ReadPipe, PinLoad: how many bytes, or what went wrong; Presence likewise. Sum: how many pages.
/// </param>
/// <param name="Signal">The signal that the access raised, or 0.</param>
/// <param name="Code">Why it was raised (si_code).</param>
/// <param name="Address">Where it was raised (si_addr).</param>
/// <param name="Error">The error code of the page fault as the processor gives it.</param>
/// <param name="MinorFaults">How many faults the process has had meanwhile that needed no input.</param>
/// <param name="MajorFaults">How many that needed some.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct StubAnswer(
    long Value, long Count, int Signal, int Code, ulong Address, ulong Error, long MinorFaults, long MajorFaults);
