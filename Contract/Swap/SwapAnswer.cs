using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;

namespace PageProof.Contract.Swap;

/// <summary>How a command ends.</summary>
public enum SwapOutcome : byte
{
    /// <summary>No answer was given.</summary>
    None,
    /// <summary>Carried out.</summary>
    Done,
    /// <summary>A call fails with an errno, and has changed nothing.</summary>
    Failed,
    /// <summary>There is nothing of the kind; nothing has changed.</summary>
    Refused,
    /// <summary>No slot is free.</summary>
    Full,
    /// <summary>No frame is free.</summary>
    OutOfMemory,
    /// <summary>The page could not be read: who asked for it is told, as by SIGBUS.</summary>
    ReadError,
    /// <summary>The page could not be written, and stays where it was.</summary>
    WriteError,
    /// <summary>The page was lost before: who asks for it is told, as by SIGBUS.</summary>
    Lost,
    /// <summary>The page has changed since it was read: what was read counts for nothing.</summary>
    Stale,
}

/// <summary>Why a call that makes a swap area, or turns one on or off, fails.</summary>
public enum SwapReason : byte
{
    /// <summary>It does not fail.</summary>
    None,
    /// <summary>The device can only be read.</summary>
    ReadOnly,
    /// <summary>It is a swap area in use.</summary>
    InUse,
    /// <summary>It is not.</summary>
    NotInUse,
    /// <summary>There are as many areas as there can be.</summary>
    TooManyAreas,
    /// <summary>A read or write of the header fails.</summary>
    InputOutput,
    /// <summary>Too few pages for an area.</summary>
    TooSmall,
    /// <summary>More pages than the device has.</summary>
    TooLarge,
    /// <summary>The first page does not end as that of a swap area does.</summary>
    NoSignature,
    /// <summary>The header is of a version that is not known.</summary>
    WrongVersion,
    /// <summary>No page of it can be used.</summary>
    Empty,
    /// <summary>The header tells of more pages than there are.</summary>
    Short,
    /// <summary>The header tells of bad pages in a file.</summary>
    BadPagesOfFile,
    /// <summary>The header tells of more bad pages than it has room for.</summary>
    TooManyBadPages,
    /// <summary>A bad page is not one of the area.</summary>
    BadPageOutside,
    /// <summary>A page of the file has no block.</summary>
    Hole,
    /// <summary>Too few frames are free for what would come back.</summary>
    NoRoom,
}

/// <summary>What a page holds, by its halves: each was filled by one store, or by none.</summary>
/// <param name="First">What the first half was filled with; 0 for zeros.</param>
/// <param name="Second">What the second half was filled with.</param>
/// <param name="IsWhole">Whether each half is as one store has filled it.</param>
public readonly record struct PageContent(uint First, uint Second, bool IsWhole)
{
    /// <summary>A page of zeros.</summary>
    public static PageContent Zeros { get; } = new(0, 0, true);

    /// <inheritdoc/>
    public override string ToString() => IsWhole ? $"{First}, {Second}" : "what nobody stored";
}

/// <summary>What a system says of one command.</summary>
public readonly record struct SwapAnswer
{
    /// <summary>How it ended.</summary>
    public SwapOutcome Outcome { get; init; }

    /// <summary>A call that failed: with which errno.</summary>
    public Errno Errno { get; init; }

    /// <summary>A call that failed: why.</summary>
    public SwapReason Reason { get; init; }

    /// <summary>Load and end-read: what the page holds.</summary>
    public PageContent Content { get; init; }

    /// <summary>Page-out: where the page is. Swap-on: the area, and no slot.</summary>
    public SwapPlace Place { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        Outcome + (Errno == Errno.None ? "" : $", {Errno} ({Reason})")
        + (Content == default ? "" : $", {Content}") + (Place == default ? "" : $", {Place}");
}

/// <summary>What a system shows of a swap area, as /proc/swaps does.</summary>
/// <param name="Number">Which area it is.</param>
/// <param name="Device">On which device.</param>
/// <param name="Slots">How many slots there are, with those that cannot be used.</param>
/// <param name="Usable">How many can be used.</param>
/// <param name="Used">How many are.</param>
/// <param name="Priority">Its priority.</param>
public readonly record struct SwapAreaView(
    SwapAreaNumber Number, DeviceNumber Device, int Slots, int Usable, int Used, short Priority)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Number} on {Device}: {Used} of {Usable} used, {Slots} in all, priority {Priority}";
}

/// <summary>What a system shows of a page of a process.</summary>
public readonly record struct ProcessPageView
{
    /// <summary>Where it is: nothing, a frame, a swap area, or lost.</summary>
    public LeafKind Kind { get; init; }

    /// <summary>Of what has no frame: the entry.</summary>
    public PagingEntry Entry { get; init; }

    /// <summary>In a frame: what it holds.</summary>
    public PageContent Content { get; init; }

    /// <summary>In a frame: whether it would have to be written before the frame could be used otherwise.</summary>
    public bool IsDirty { get; init; }

    /// <summary>Whether it was stored to since the marks were cleared.</summary>
    public bool IsMarked { get; init; }

    /// <summary>In a frame: whether a slot holds the same, and which.</summary>
    public SwapPlace? Place { get; init; }
}
