using System.Collections.Immutable;
using System.Diagnostics;
using PageProof.Contract.Swap;
using static PageProof.Spec.Swap.ProcessPageState;

namespace PageProof.Spec.Swap;

/// <summary>
/// Swap devices, and processes whose pages go there: every command determines its answer and what becomes of all
/// pages, slots and areas, but for the slot that a page goes to. No command changes anything of a page that it is
/// not about.
/// Source: swapon(2), mkswap(8), proc(5) on /proc/swaps.
/// </summary>
public static class SwapSpec
{
    /// <summary>The beginning: no areas, no pages, devices full of zeros.</summary>
    public static SwapState Begin(SwapStart start, SwapCapabilities offered) => new(
        start, offered.Pages,
        [.. Enumerable.Repeat<ProcessPageState>(new None(), offered.Processes * offered.Pages)],
        [.. start.Devices.Select(_ => ImmutableArray.Create(new byte[SwapHeaderFormat.Bytes]))],
        [], 0, [.. Enumerable.Repeat<SwapReader?>(null, offered.Readers)], 0, 0, 0, 0);

    /// <summary>Whether the answer is permitted, and what is shown after it; and the state after it.</summary>
    public static (SwapState? State, string? Refusal) Follow(
        SwapState before, SwapCommand command, SwapAnswer answer, SwapShown shown)
    {
        var (after, expected, refusal) = Step(before, command, answer, shown);
        refusal ??= answer != expected ? $"it ends with {expected}" : AuditSpec(after, shown);
        return refusal is null ? (after, null) : (null, refusal);
    }

    private static SwapStep Step(SwapState state, SwapCommand command, SwapAnswer answer, SwapShown shown) =>
        command.Kind switch
        {
            SwapCommandKind.MakeSwap => SwapDeviceSpec.Make(state, command, shown.Headers[command.Device.Value]),
            SwapCommandKind.Poke => SwapDeviceSpec.Poke(state, command),
            SwapCommandKind.SwapOn => SwapDeviceSpec.On(state, command),
            SwapCommandKind.SwapOff => SwapDeviceSpec.Off(state, command),
            SwapCommandKind.Store => SwapPageSpec.Store(state, command),
            SwapCommandKind.Load => SwapPageSpec.Load(state, command),
            SwapCommandKind.PageOut => SwapPageSpec.Out(state, command, answer.Place),
            SwapCommandKind.BeginRead => BeginRead(state, command),
            SwapCommandKind.EndRead => EndRead(state, command),
            SwapCommandKind.Drop => SwapPageSpec.Drop(state, command),
            SwapCommandKind.Fork => SwapPageSpec.Fork(state, command),
            SwapCommandKind.ClearMarks => SwapPageSpec.ClearMarks(state, command),
            SwapCommandKind.FailRead => Ends(state with { ReadFailsIn = command.Value }, SwapOutcome.Done),
            SwapCommandKind.FailWrite => Ends(state with { WriteFailsIn = command.Value }, SwapOutcome.Done),
            _ => throw new UnreachableException(),
        };

    private static SwapStep BeginRead(SwapState state, SwapCommand command)
    {
        if (state[command.Page] is not InSwap entry)
        {
            return Ends(state, SwapOutcome.Refused);
        }

        var (after, fails) = state.Read();
        SwapReader reader = new(
            command.Page, entry, state.AreaOf(entry.Place.Area).Since, state.SlotAt(entry.Place), fails);
        return Ends(after with { Readers = after.Readers.SetItem(command.Reader, reader) }, SwapOutcome.Done);
    }

    private static SwapStep EndRead(SwapState state, SwapCommand command)
    {
        if (state.Readers[command.Reader] is not { } reader)
        {
            return Ends(state, SwapOutcome.Refused);
        }

        var after = state with { Readers = state.Readers.SetItem(command.Reader, null) };
        return !IsAsItWas(state, reader) ? Ends(after, SwapOutcome.Stale)
            : state.FramesFree == 0 ? Ends(after, SwapOutcome.OutOfMemory)
            : reader.HasFailed ? Ends(after, SwapOutcome.ReadError)
            : SwapPageSpec.Installed(after, reader.Page, reader.Entry);
    }

    /// <summary>Whether a page is where a reader found it, in the same generation of the slot.</summary>
    public static bool IsAsItWas(SwapState state, SwapReader reader)
    {
        if (!state[reader.Page].Equals(reader.Entry) || state.AreaOf(reader.Entry.Place.Area).Since != reader.Since)
        {
            return false;
        }

        SlotReadState read = new(
            state.SlotAt(reader.Entry.Place), true, true, reader.Slot.Generation, true, reader.Slot.Content);
        return SlotReadSpec.MayEnd(read);
    }

    private static SwapStep Ends(SwapState state, SwapOutcome outcome) => new(state, new() { Outcome = outcome });

    // All that is shown, counted anew.
    private static string? AuditSpec(SwapState state, SwapShown shown)
    {
        var areas = state.Areas.Select(area => new SwapAreaView(
            area.Number, area.Device, area.Slots.Length, area.Usable, area.Usable - area.Free, area.Priority));
        foreach (var (area, view) in areas.Zip(shown.Areas))
        {
            if (area != view)
            {
                return $"there is {area}, and not {view}";
            }
        }

        int device = Enumerable.Range(0, state.Headers.Length)
            .FirstOrDefault(each => !state.Headers[each].AsSpan().SequenceEqual(shown.Headers[each].AsSpan()), -1);
        return state.Areas.Length != shown.Areas.Length ? $"there are {state.Areas.Length} areas"
            : state.FramesFree != shown.FramesFree ? $"{state.FramesFree} frames are free, and not {shown.FramesFree}"
            : device >= 0 ? $"the first page of device {device} is another one"
            : SwapOwnershipSpec.Refusal(state, shown);
    }
}
