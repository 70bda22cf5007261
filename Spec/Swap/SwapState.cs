using System.Collections.Immutable;
using PageProof.Contract.Swap;

namespace PageProof.Spec.Swap;

/// <summary>Where a page of a process is.</summary>
public abstract record ProcessPageState
{
    private ProcessPageState()
    {
    }

    /// <summary>Nowhere: it was never stored to.</summary>
    public sealed record None : ProcessPageState;

    /// <summary>Its content is lost.</summary>
    public sealed record Lost : ProcessPageState;

    /// <summary>In a frame.</summary>
    /// <param name="Content">What it holds.</param>
    /// <param name="IsMarked">It was stored to since marks were cleared.</param>
    /// <param name="Place">The slot that holds the same; null when none does.</param>
    /// <param name="IsExclusive">No other page refers to that slot.</param>
    public sealed record InFrame(PageContent Content, bool IsMarked, SwapPlace? Place, bool IsExclusive)
        : ProcessPageState;

    /// <summary>In a slot.</summary>
    /// <param name="Place">Which.</param>
    /// <param name="IsMarked">It was stored to since marks were cleared.</param>
    /// <param name="IsExclusive">No other page refers to the slot.</param>
    public sealed record InSwap(SwapPlace Place, bool IsMarked, bool IsExclusive) : ProcessPageState;
}

/// <summary>An area that is on.</summary>
/// <param name="Number">Which it is.</param>
/// <param name="Device">On which device.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="Since">How many areas had been turned on before.</param>
/// <param name="Slots">Its slots; null for those that cannot be used.</param>
public sealed record SwapAreaState(
    SwapAreaNumber Number, DeviceNumber Device, short Priority, int Since, ImmutableArray<SlotState?> Slots)
{
    /// <summary>How many slots are free.</summary>
    public int Free => Slots.Count(slot => slot is { IsFree: true });

    /// <summary>How many can be used.</summary>
    public int Usable => Slots.Count(slot => slot is not null);
}

/// <summary>Somebody who reads a page for a process that does not have it yet.</summary>
/// <param name="Page">Which page.</param>
/// <param name="Entry">Where it was, as its entry said.</param>
/// <param name="Since">Which of the areas of that number.</param>
/// <param name="Slot">The slot as it was.</param>
/// <param name="HasFailed">Whether it could not be read.</param>
public sealed record SwapReader(
    ProcessPage Page, ProcessPageState.InSwap Entry, int Since, SlotState Slot, bool HasFailed);

/// <summary>All of it.</summary>
/// <param name="Start">How it began.</param>
/// <param name="Pages">How many pages a process has.</param>
/// <param name="All">The pages of all processes, one process after the other.</param>
/// <param name="Headers">The first page of each device.</param>
/// <param name="Areas">The areas that are on, by their numbers.</param>
/// <param name="TurnedOn">How many were ever turned on.</param>
/// <param name="Readers">Who reads; null for who does not.</param>
/// <param name="ReadFailsIn">Which read from now on fails; 0 for none.</param>
/// <param name="WriteFailsIn">Which write from now on fails; 0 for none.</param>
/// <param name="Reads">How many reads there were.</param>
/// <param name="Writes">How many writes there were.</param>
public sealed record SwapState(
    SwapStart Start,
    int Pages,
    ImmutableArray<ProcessPageState> All,
    ImmutableArray<ImmutableArray<byte>> Headers,
    ImmutableArray<SwapAreaState> Areas,
    int TurnedOn,
    ImmutableArray<SwapReader?> Readers,
    uint ReadFailsIn,
    uint WriteFailsIn,
    long Reads,
    long Writes)
{
    /// <summary>How many frames hold no page.</summary>
    public int FramesFree => Start.Frames - All.Count(page => page is ProcessPageState.InFrame);

    /// <summary>A page of a process.</summary>
    public ProcessPageState this[ProcessPage page] => All[page.Process * Pages + page.Index];

    /// <summary>The pages of a process.</summary>
    public IEnumerable<(ProcessPage Page, ProcessPageState State)> PagesOf(byte process) =>
        Enumerable.Range(0, Pages).Select(index => new ProcessPage(process, (ushort)index))
            .Select(page => (page, this[page]));

    /// <summary>The area on a device; null when it is not on.</summary>
    public SwapAreaState? AreaOn(DeviceNumber device) => Areas.FirstOrDefault(area => area.Device == device);

    /// <summary>The area of a number.</summary>
    public SwapAreaState AreaOf(SwapAreaNumber number) => Areas.First(area => area.Number == number);

    /// <summary>A slot in use.</summary>
    public SlotState SlotAt(SwapPlace place) => AreaOf(place.Area).Slots[(int)place.Slot.Value]!.Value;

    /// <summary>The state with another page of a process.</summary>
    public SwapState With(ProcessPage page, ProcessPageState state) =>
        this with { All = All.SetItem(page.Process * Pages + page.Index, state) };

    /// <summary>The state in which something has happened to a slot.</summary>
    public SwapState With(SwapPlace place, SlotEvent happened, ulong content = 0)
    {
        var area = AreaOf(place.Area);
        int slot = (int)place.Slot.Value;
        var after = SlotSpec.Step(area.Slots[slot]!.Value, happened, content, (uint)Start.ReferencesMost).After;
        return this with { Areas = Areas.Replace(area, area with { Slots = area.Slots.SetItem(slot, after) }) };
    }

    /// <summary>The state after a read, and whether it fails.</summary>
    public (SwapState State, bool Fails) Read() => (
        this with { Reads = Reads + 1, ReadFailsIn = ReadFailsIn - (ReadFailsIn == 0 ? 0u : 1) }, ReadFailsIn == 1);

    /// <summary>The state after a write, and whether it fails.</summary>
    public (SwapState State, bool Fails) Write() => (
        this with { Writes = Writes + 1, WriteFailsIn = WriteFailsIn - (WriteFailsIn == 0 ? 0u : 1) },
        WriteFailsIn == 1);
}

/// <summary>What a system shows after a command.</summary>
/// <param name="FramesFree">How many frames hold no page.</param>
/// <param name="Areas">The areas.</param>
/// <param name="Slots">How many refer to each slot of each area.</param>
/// <param name="Pages">The pages of all processes.</param>
/// <param name="Headers">The first page of each device.</param>
public sealed record SwapShown(
    int FramesFree,
    ImmutableArray<SwapAreaView> Areas,
    ImmutableArray<ImmutableArray<int>> Slots,
    ImmutableArray<ProcessPageView> Pages,
    ImmutableArray<ImmutableArray<byte>> Headers);

/// <summary>The state after a command, and what is answered; or why the answer is not permitted.</summary>
/// <param name="State">The state.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Refusal">Why what was chosen may not be.</param>
public readonly record struct SwapStep(SwapState State, SwapAnswer Answer, string? Refusal = null);
