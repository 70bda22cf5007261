using System.Collections.Immutable;

namespace PageProof.Contract.Swap;

/// <summary>A device that can become a swap area, by its place among all.</summary>
public readonly record struct DeviceNumber(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"device {Value}";
}

/// <summary>What a device is.</summary>
public enum SwapDeviceKind : byte
{
    /// <summary>A run of blocks.</summary>
    Partition,
    /// <summary>A file, which may lie in pieces.</summary>
    File,
}

/// <summary>A device as a sequence begins, full of zeros.</summary>
/// <param name="Kind">Partition or file.</param>
/// <param name="Pages">How many pages it has.</param>
/// <param name="Pieces">In how many runs of blocks a file lies.</param>
/// <param name="Hole">The page of a file that has no block; 0 when all have.</param>
/// <param name="IsReadOnly">Whether it can only be read.</param>
public readonly record struct SwapDevice(SwapDeviceKind Kind, int Pages, int Pieces, int Hole, bool IsReadOnly)
{
    /// <summary>The most pages.</summary>
    public const int PagesMax = 4096;
}

/// <summary>How a sequence begins.</summary>
/// <param name="Frames">How many frames there are for pages of processes.</param>
/// <param name="ClusterShift">How many slots an area gives in its turn, as a power of two.</param>
/// <param name="AreasMost">How many areas there can be at once.</param>
/// <param name="ReferencesMost">How many may refer to one slot.</param>
/// <param name="Devices">The devices.</param>
public sealed record SwapStart(
    int Frames, int ClusterShift, int AreasMost, int ReferencesMost, ImmutableArray<SwapDevice> Devices);

/// <summary>A start, and what is then done.</summary>
public readonly record struct SwapSequence(SwapStart Start, ImmutableArray<SwapCommand> Commands)
{
    /// <summary>The most commands of a sequence.</summary>
    public const int CommandsMax = 2048;

    /// <inheritdoc/>
    public override string ToString() => SwapText.Print(this);
}

/// <summary>What a system offers. Whoever makes sequences stays within.</summary>
public sealed record SwapCapabilities
{
    /// <summary>How many devices there can be.</summary>
    public int Devices { get; init; } = 4;

    /// <summary>How many processes there are.</summary>
    public int Processes { get; init; } = 3;

    /// <summary>How many pages each has.</summary>
    public int Pages { get; init; } = 16;

    /// <summary>How many frames there can be.</summary>
    public int Frames { get; init; } = 256;

    /// <summary>How many can be reading at once.</summary>
    public int Readers { get; init; } = 2;

    /// <summary>Whether devices can be partitions.</summary>
    public bool Partitions { get; init; } = true;

    /// <summary>Whether reads and writes can be made to fail, and devices can be read-only.</summary>
    public bool Fails { get; init; } = true;

    /// <summary>Whether areas of equal priority take turns as Linux lets them.</summary>
    public bool TakesTurns { get; init; } = true;
}
