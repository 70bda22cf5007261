using System.Collections.Immutable;
using PageProof.Contract.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>A range of addresses that are mapped alike.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The address after the last.</param>
/// <param name="Protection">What may be done.</param>
/// <param name="Shared">Whether stores go to what lies behind; otherwise the process gets copies.</param>
/// <param name="Object">The number of the object that lies behind; -1 when that is nothing but zeros.</param>
/// <param name="Offset">Where in the object the area begins.</param>
/// <param name="Locked">Whether its pages are to stay in memory.</param>
/// <param name="GrowsDown">Whether it grows when an address below it is accessed.</param>
/// <param name="Touched">Whether a page of it may have become private to the process.</param>
/// <param name="Seams">
/// Whether a system may keep parts of it apart, although they are alike: of private memory it always may.
/// </param>
public readonly record struct Area(
    ulong Start,
    ulong End,
    MemoryProtection Protection,
    bool Shared,
    int Object,
    ulong Offset,
    bool Locked,
    bool GrowsDown,
    bool Touched,
    bool Seams)
{
    /// <summary>It has been put together from several, which a system may still keep apart.</summary>
    public bool Several { get; init; }

    /// <summary>There is no object.</summary>
    public const int NoObject = -1;

    /// <summary>Each process has zeros of its own here.</summary>
    public bool IsPrivateAnonymous => Object == NoObject;

    /// <summary>Whether it has addresses in a range.</summary>
    public bool Meets(ulong start, ulong end) => End > start && Start < end;

    /// <summary>The page of the object that lies behind an address.</summary>
    public ulong ObjectPageAt(ulong address) => AreaSpec.PageOf(this, address);
}

/// <summary>
/// What may be in the entry of a page, as far as faults tell. A set, since a fork need not copy all entries.
/// </summary>
[Flags]
public enum PageStates : byte
{
    /// <summary>The entry is empty.</summary>
    Absent = 1,
    /// <summary>The page of zeros is there, for reading.</summary>
    Zero = 2,
    /// <summary>A private page is there, which others may have too: a store gets one of its own.</summary>
    Common = 4,
    /// <summary>A private page is there which nobody else has.</summary>
    Own = 8,
}

/// <summary>A page of private memory that may have an entry.</summary>
/// <param name="Start">Its first address.</param>
/// <param name="States">What may be in its entry.</param>
/// <param name="Content">The bytes of a private page.</param>
public readonly record struct PrivatePage(ulong Start, PageStates States, PageContent Content)
{
    /// <summary>The process has said that it does not need the bytes: they may be gone at any time.</summary>
    public bool Freed { get; init; }

    /// <summary>
    /// What its bytes may be instead of the content, as far as is known: it may have been gone when it was stored to.
    /// </summary>
    public ImmutableArray<PageContent> Others { get => field.IsDefault ? [] : field; init; }

    /// <summary>It may have been taken from memory since it was touched.</summary>
    public bool Out { get; init; }

    /// <summary>The number under which pipes and pins know the page, if they have it; 0 if none does.</summary>
    public int Loan { get; init; }

    /// <summary>The process has bytes of its own here.</summary>
    public bool IsCopy => (States & (PageStates.Common | PageStates.Own)) != 0;
}

/// <summary>A process.</summary>
/// <param name="Areas">Its areas in the order of addresses, neighbours that are alike as one.</param>
/// <param name="Pages">The pages of private memory that are not surely absent, in the order of addresses.</param>
/// <param name="LastMapped">What its last successful mapping gave.</param>
public sealed record ProcessState(
    ImmutableArray<Area> Areas, ImmutableArray<PrivatePage> Pages, ulong LastMapped)
{
    /// <summary>Where its heap begins: the lowest break.</summary>
    public ulong Heap { get; init; }

    /// <summary>Where its heap ends, to the byte.</summary>
    public ulong Break { get; init; }

    /// <summary>What is known of a private page; nothing when it is surely absent.</summary>
    public PrivatePage? PageAt(ulong start)
    {
        int place = PlaceOf(start);
        return place < Pages.Length && Pages[place].Start == start ? Pages[place] : null;
    }

    /// <summary>The process with something else known of a private page.</summary>
    public ProcessState With(in PrivatePage page)
    {
        int place = PlaceOf(page.Start);
        bool there = place < Pages.Length && Pages[place].Start == page.Start;
        return this with { Pages = there ? Pages.SetItem(place, page) : Pages.Insert(place, page) };
    }

    // The first page that is not before the address.
    private int PlaceOf(ulong start)
    {
        int low = 0, high = Pages.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Pages[middle].Start < start ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
