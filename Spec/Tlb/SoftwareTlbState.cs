using System.Collections.Immutable;

namespace PageProof.Spec.Tlb;

/// <summary>An entry: a pair of pages.</summary>
/// <param name="Pair">Region and VPN2, as in EntryHi.</param>
/// <param name="Asid">Whose pages they are.</param>
/// <param name="Size">PageMask.</param>
/// <param name="Even">EntryLo0.</param>
/// <param name="Odd">EntryLo1.</param>
public readonly record struct SoftwareTlbEntry(ulong Pair, ulong Asid, ulong Size, ulong Even, ulong Odd);

/// <summary>What can still be said of the processor.</summary>
public enum SoftwareTlbCondition
{
    /// <summary>It runs.</summary>
    Running,
    /// <summary>Two entries have matched one address: nothing works until a reset.</summary>
    Shutdown,
    /// <summary>Software did what it must not do: the manual does not say what follows.</summary>
    Undefined,
}

/// <summary>
/// A processor with a software-filled TLB. What an exception leaves undefined is null, until software
/// writes it, or reads it and so finds out.
/// </summary>
public sealed record SoftwareTlbState(ImmutableArray<SoftwareTlbEntry> Entries)
{
    /// <summary>Whether anything is known at all.</summary>
    public SoftwareTlbCondition Condition { get; init; }

    /// <summary>EXL: an exception is handled, in kernel mode.</summary>
    public bool IsHandling { get; init; }

    /// <summary>Index, with P.</summary>
    public ulong Index { get; init; }

    /// <summary>EntryLo0.</summary>
    public ulong? Even { get; init; } = 0;

    /// <summary>EntryLo1.</summary>
    public ulong? Odd { get; init; } = 0;

    /// <summary>PageMask.</summary>
    public ulong Size { get; init; }

    /// <summary>Wired.</summary>
    public ulong Wired { get; init; }

    /// <summary>BadVAddr.</summary>
    public ulong BadAddress { get; init; }

    /// <summary>Region and VPN2 of EntryHi.</summary>
    public ulong? Pair { get; init; } = 0;

    /// <summary>The ASID of EntryHi: the current one.</summary>
    public ulong Asid { get; init; }

    /// <summary>XContext; PTEBase is known even when the rest is not.</summary>
    public ulong Context { get; init; }

    /// <summary>Whether all of XContext is known.</summary>
    public bool IsContextKnown { get; init; } = true;

    /// <summary>The registers as an entry; null when something of it is not known.</summary>
    public SoftwareTlbEntry? Registers => Pair is { } pair && Even is { } even && Odd is { } odd
        ? new(pair, Asid, Size, even, odd)
        : null;

    /// <summary>The places of the entries that match a pair under the current ASID.</summary>
    public IReadOnlyList<int> PlacesOf(ulong pair)
    {
        List<int> places = [];
        for (int place = 0; place < Entries.Length; place++)
        {
            if (SoftwareTlbFormat.Matches(Entries[place], pair, Asid))
            {
                places.Add(place);
            }
        }

        return places;
    }
}
