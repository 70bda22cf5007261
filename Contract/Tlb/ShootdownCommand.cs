using System.Collections.Immutable;

namespace PageProof.Contract.Tlb;

/// <summary>What a command of a program does. Edits are of the address space that the CPU runs.</summary>
public enum ShootdownCommandKind : byte
{
    /// <summary>Maps pages to new frames.</summary>
    Map,
    /// <summary>Unmaps pages, and gives their frames back.</summary>
    Unmap,
    /// <summary>Unmaps pages, and gives the tables back that so become empty.</summary>
    UnmapFree,
    /// <summary>Makes pages read-only, or writable.</summary>
    Protect,
    /// <summary>Moves pages to other addresses.</summary>
    Move,
    /// <summary>Clears D of pages, and takes those that had it to be clean.</summary>
    Clean,
    /// <summary>A user load.</summary>
    Load,
    /// <summary>A user store.</summary>
    Store,
    /// <summary>A user fetch.</summary>
    Fetch,
    /// <summary>The CPU walks without being asked, and caches what it finds.</summary>
    Prefetch,
    /// <summary>The CPU runs another address space from now on.</summary>
    Run,
    /// <summary>The CPU goes lazy: the tables stay loaded, and there are no user accesses.</summary>
    Idle,
}

/// <summary>One command of the program of a CPU. What does not belong to its kind is zero.</summary>
public readonly record struct ShootdownCommand
{
    /// <summary>The number of pages that there are.</summary>
    public const int Pages = 8;

    /// <summary>What is done.</summary>
    public ShootdownCommandKind Kind { get; init; }

    /// <summary>Which CPU does it.</summary>
    public CpuNumber Cpu { get; init; }

    /// <summary>The first page, by number; see <see cref="ShootdownStart.AddressOf"/>.</summary>
    public byte Page { get; init; }

    /// <summary>How many pages, at least one.</summary>
    public byte Count { get; init; }

    /// <summary>Move: the first page of the target.</summary>
    public byte To { get; init; }

    /// <summary>Protect: whether the pages are writable afterwards.</summary>
    public bool Writable { get; init; }

    /// <summary>Run: the address space.</summary>
    public SpaceNumber Space { get; init; }

    /// <inheritdoc/>
    public override string ToString() => ShootdownText.Of(this);
}

/// <summary>
/// How programs begin: every CPU runs space 0, nothing is cached, and in each space some pages are mapped,
/// writable, to frames of their own.
/// </summary>
/// <param name="Cpus">How many CPUs there are.</param>
/// <param name="Spaces">How many address spaces.</param>
/// <param name="Mapped">Which pages are mapped, a bit each.</param>
public sealed record ShootdownStart(int Cpus, int Spaces, byte Mapped)
{
    /// <summary>The most CPUs.</summary>
    public const int CpusMax = 4;

    /// <summary>The most address spaces.</summary>
    public const int SpacesMax = 3;

    /// <summary>
    /// The linear address of each page: four in one table, and four in the next.
    /// </summary>
    public static ImmutableArray<LinearAddress> AddressOf { get; } =
    [
        new(0x40_0000), new(0x40_1000), new(0x40_2000), new(0x40_3000),
        new(0x60_0000), new(0x60_1000), new(0x60_2000), new(0x60_3000),
    ];
}

/// <summary>A start, and a program for each CPU: the commands that name it, in their order.</summary>
public readonly record struct ShootdownProgram(ShootdownStart Start, ImmutableArray<ShootdownCommand> Commands)
{
    /// <summary>The most commands of all programs together.</summary>
    public const int CommandsMax = 64;
}
