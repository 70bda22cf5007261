using PageProof.Contract.PageCache;

namespace PageProof.Contract.AddressSpaces;

/// <summary>What lies behind an area.</summary>
public enum AreaBacking : byte
{
    /// <summary>Nothing but zeros, of which each process has its own copy.</summary>
    Anonymous,
    /// <summary>Memory without a name that a process shares with those that it forks.</summary>
    SharedAnonymous,
    /// <summary>A file.</summary>
    File,
}

/// <summary>
/// One line of the areas of a process, as <c>/proc/PID/maps</c> has it. Lines stand in the order of their
/// addresses. Neighbours that are equal in everything but their place may be told as one line or as two.
/// </summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The address after the last.</param>
/// <param name="Protection">The letters r, w and x.</param>
/// <param name="Shared">The letter s; otherwise p.</param>
/// <param name="Backing">What lies behind.</param>
/// <param name="File">File: which one; otherwise 0.</param>
/// <param name="Offset">Where in what lies behind the area begins; 0 where that is anonymous and not shared.</param>
public readonly record struct AreaLine(
    LinearAddress Start,
    LinearAddress End,
    MemoryProtection Protection,
    bool Shared,
    AreaBacking Backing,
    FileNumber File,
    ulong Offset)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Start.Value:x}-{End.Value:x} "
        + (Protection.HasFlag(MemoryProtection.Read) ? "r" : "-")
        + (Protection.HasFlag(MemoryProtection.Write) ? "w" : "-")
        + (Protection.HasFlag(MemoryProtection.Execute) ? "x" : "-")
        + (Shared ? "s" : "p")
        + Backing switch
        {
            AreaBacking.File => $" {File}+0x{Offset:x}",
            AreaBacking.SharedAnonymous => $" memory+0x{Offset:x}",
            _ => "",
        };
}
