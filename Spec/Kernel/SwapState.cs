using System.Collections.Immutable;
using PageProof.Contract.Kernel;

namespace PageProof.Spec.Kernel;

/// <summary>What there is of swap.</summary>
/// <param name="Devices">Which of the devices are on.</param>
public sealed record SwapState(ImmutableArray<bool> Devices)
{
    /// <summary>A transfer of a device is to fail, and nobody has been told that it did.</summary>
    public bool MayFail { get; init; }

    /// <summary>The page whose bytes this command does not get; nothing where all are got.</summary>
    public ulong? Lost { get; init; }

    /// <summary>What compresses pages on their way to a device.</summary>
    public ZswapCompressor Compressor { get; init; }

    /// <summary>Whether pages can be in slots.</summary>
    public bool IsOn => Devices.Contains(true);

    /// <summary>No device is on.</summary>
    public static SwapState Off { get; } = new([.. KernelSequence.SwapSlots.Select(_ => false)]);
}
