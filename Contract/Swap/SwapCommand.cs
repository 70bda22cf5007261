namespace PageProof.Contract.Swap;

/// <summary>What a command does.</summary>
public enum SwapCommandKind : byte
{
    /// <summary>Writes the header of a swap area on a device: mkswap.</summary>
    MakeSwap,
    /// <summary>Somebody writes four bytes into the first page of a device.</summary>
    Poke,
    /// <summary>Pages can go to a device from now on.</summary>
    SwapOn,
    /// <summary>All pages of a device come back, and no more go to it.</summary>
    SwapOff,
    /// <summary>A process writes one half of a page of its own.</summary>
    Store,
    /// <summary>A process reads a page of its own.</summary>
    Load,
    /// <summary>A page of a process goes out, and its frame is free.</summary>
    PageOut,
    /// <summary>A reader notes where a page is, and reads it, but the process does not have it yet.</summary>
    BeginRead,
    /// <summary>The process gets what was read, if its page is still there.</summary>
    EndRead,
    /// <summary>A process gives a page up.</summary>
    Drop,
    /// <summary>A process that has no page gets a copy of each that another has.</summary>
    Fork,
    /// <summary>No page of a process counts as written any more.</summary>
    ClearMarks,
    /// <summary>Makes the n-th read from now on fail; none when n is 0.</summary>
    FailRead,
    /// <summary>Makes the n-th write from now on fail; none when n is 0.</summary>
    FailWrite,
}

/// <summary>A page of a process.</summary>
public readonly record struct ProcessPage(byte Process, ushort Index)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Process}:{Index}";
}

/// <summary>Slots from one on.</summary>
public readonly record struct SlotRange(int First, int Count)
{
    /// <inheritdoc/>
    public override string ToString() => $"{First}+{Count}";
}

/// <summary>Four bytes of the first page of a device.</summary>
public readonly record struct HeaderOffset(ushort Value)
{
    /// <summary>The last place where four bytes begin.</summary>
    public const ushort Most = 4092;
}

/// <summary>One step, flat. Members that do not belong to its kind are zero.</summary>
public readonly record struct SwapCommand
{
    /// <summary>No priority is asked for.</summary>
    public const short NoPriority = -1;

    /// <summary>The most bytes of a label.</summary>
    public const int LabelMax = 15;

    /// <summary>What is done.</summary>
    public SwapCommandKind Kind { get; init; }

    /// <summary>Make-swap, poke, swap-on, swap-off: which device.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>Make-swap: how many pages the area has, the header included.</summary>
    public int Pages { get; init; }

    /// <summary>Make-swap: pages that are bad.</summary>
    public SlotRange Bad { get; init; }

    /// <summary>Make-swap: the UUID; none when it is empty.</summary>
    public Guid Uuid { get; init; }

    /// <summary>Make-swap: the label; none when it is null.</summary>
    public string? Label { get; init; }

    /// <summary>Poke: where.</summary>
    public HeaderOffset Offset { get; init; }

    /// <summary>Swap-on: the priority that is asked for.</summary>
    public short Priority { get; init; }

    /// <summary>What is about a page: which. Fork and clear-marks: of its process.</summary>
    public ProcessPage Page { get; init; }

    /// <summary>Fork: the process that gets the copies.</summary>
    public byte Child { get; init; }

    /// <summary>Begin-read, end-read: who reads.</summary>
    public byte Reader { get; init; }

    /// <summary>Store: which half, 0 or 1.</summary>
    public byte Half { get; init; }

    /// <summary>Store and poke: what is written; fail: which read or write.</summary>
    public uint Value { get; init; }

    /// <inheritdoc/>
    public override string ToString() => SwapText.Of(this);
}
