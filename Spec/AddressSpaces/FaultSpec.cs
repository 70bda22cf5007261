using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>What comes of an access to one page, and how much of that is left open.</summary>
/// <param name="State">The state after it: nothing but entries and copies are different.</param>
/// <param name="Signal">The signal in which it ends.</param>
/// <param name="Code">The error code of that signal, without P where that is open.</param>
public readonly record struct PageTouch(KernelState State, MemorySignal Signal, PageFaultCode Code)
{
    /// <summary>The fewest faults.</summary>
    public int FaultsLeast { get; init; }

    /// <summary>The most faults.</summary>
    public int FaultsMost { get; init; }

    /// <summary>Whether they may be major.</summary>
    public bool MayBeMajor { get; init; }

    /// <summary>Whether P is open.</summary>
    public bool EitherPresent { get; init; }
}

/// <summary>
/// The fault of an access by a process: the signal, or the entry that it leaves, and how many faults count.
/// Source: sigaction(2), the codes of SIGSEGV and SIGBUS; mmap(2) of the page beyond the end of a file; getrusage(2)
/// of faults. Which entry is left is how Linux 6.18 counts: a load of private zeros maps the page of zeros, a store
/// gets a page of one's own, and of what lies behind a file any pages may have come along before.
/// </summary>
public static class FaultSpec
{
    /// <summary>Touches the page of an address, by a load or by a store.</summary>
    public static PageTouch Touch(KernelState state, ProcessNumber number, ulong address, bool writes)
    {
        state = StackSpec.Reach(state, number, address);
        var process = state.Processes[number.Value]!;
        PageFaultCode code = PageFaultCode.User | (writes ? PageFaultCode.Write : 0);
        if (AddressSpaceSpec.AreaAt(process, address) is not { } area)
        {
            // Linux does not tell whether a page of its own is there.
            bool kernels = address >= AddressSpaceSpec.UserEnd;
            return new(state, MemorySignal.NoArea, code | (kernels ? PageFaultCode.Present : 0));
        }

        ulong page = AddressSpaceSpec.PageStart(address);
        PrivatePage known = area.Shared ? default : process.PageAt(page) ?? default;
        if (!Permits(area.Protection, writes))
        {
            return Forbidden(state, area, known, code);
        }

        return Enter(state, number, area, page, writes) is { Signal: MemorySignal.None } entered
            ? entered
            : new(state, MemorySignal.BeyondFile, code);
    }

    /// <summary>Touches a page of an area, whatever its protection.</summary>
    public static PageTouch Enter(KernelState state, ProcessNumber number, in Area area, ulong page, bool writes)
    {
        if (area.Object >= 0 && area.ObjectPageAt(page) >= state.Objects[area.Object].PageCount)
        {
            return new(state, MemorySignal.BeyondFile, 0);
        }

        PrivatePage known = area.Shared ? default : state.Processes[number.Value]!.PageAt(page) ?? default;
        bool lost = state.Swap.Lost == page && (known.IsCopy || ReclaimSpec.MayBeOut(state, area));
        return lost ? new(state, MemorySignal.BeyondFile, 0)
            : area.Shared ? OfObject(state)
            : writes ? Write(state, number, area, page, known)
            : Read(state, number, area, page, known);
    }

    /// <summary>x86 loads from whatever can be stored to or executed.</summary>
    public static bool Permits(MemoryProtection protection, bool writes) => writes
        ? protection.HasFlag(MemoryProtection.Write)
        : protection != MemoryProtection.None;

    private static PageTouch Forbidden(KernelState state, in Area area, in PrivatePage page, PageFaultCode code)
    {
        PageStates known = page.States;
        // What may not be touched at all looks absent to the processor.
        bool absent = area.Protection == MemoryProtection.None
            || (area.IsPrivateAnonymous && known is 0 or PageStates.Absent);
        bool present = !absent && known != 0 && !known.HasFlag(PageStates.Absent);
        return new(state, MemorySignal.Forbidden, code | (present ? PageFaultCode.Present : 0))
        {
            EitherPresent = (!absent && !present) || ReclaimSpec.MayBeOut(state, page),
        };
    }

    /// <summary>The page of an object: it may have been mapped together with one beside it.</summary>
    private static PageTouch OfObject(KernelState state) =>
        new(state, MemorySignal.None, 0) { FaultsMost = 1, MayBeMajor = true };

    private static PageTouch Read(
        KernelState state, ProcessNumber number, in Area area, ulong page, in PrivatePage known)
    {
        if (known.IsCopy)
        {
            return Back(state, number, known);
        }

        if (!area.IsPrivateAnonymous)
        {
            return OfObject(state);
        }

        bool zero = known.States.HasFlag(PageStates.Zero), absent = known.States != PageStates.Zero;
        var process = state.Processes[number.Value]!;
        var after = process.With(new PrivatePage(page, PageStates.Zero, PageContent.Zero));
        return new(zero && !absent ? state : state.With(number, after), MemorySignal.None, 0)
        {
            FaultsLeast = zero ? 0 : 1,
            FaultsMost = absent ? 1 : 0,
        };
    }

    // A page that is there, or comes back.
    private static PageTouch Back(KernelState state, ProcessNumber number, in PrivatePage known) =>
        !ReclaimSpec.MayBeOut(state, known) ? new(state, MemorySignal.None, 0) : new(
            state.With(number, state.Processes[number.Value]!.With(known with { Out = false })), MemorySignal.None, 0)
        {
            FaultsMost = 1,
            MayBeMajor = true,
        };

    private static PageTouch Write(
        KernelState state, ProcessNumber number, in Area area, ulong page, in PrivatePage known)
    {
        if (known.States == PageStates.Own)
        {
            return Back(state, number, known);
        }

        var process = state.Processes[number.Value]!;
        PageContent seen = ProcessViewSpec.PageAt(state, process, area, page);
        var touched = area.Touched
            ? process
            : AddressSpaceSpec.Change(process, area.Start, area.End, each => each with { Touched = true });
        var after = touched.With(new PrivatePage(page, PageStates.Own, seen)
        {
            Others = OpenSpec.Instead(state, known),
        });
        return new(state.With(number, after), MemorySignal.None, 0)
        {
            FaultsLeast = 1,
            FaultsMost = 1,
            MayBeMajor = (!known.IsCopy && !area.IsPrivateAnonymous) || ReclaimSpec.MayBeOut(state, known),
        };
    }
}
