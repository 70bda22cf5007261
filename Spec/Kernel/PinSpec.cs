using System.Collections.Immutable;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// Pins: a device reads and writes bytes of a process behind the page tables. What it writes the process loads, and
/// what the process stores it reads, until the process gives the page up; so that nothing comes between them, a page
/// that others have too is copied before it is pinned, and a fork leaves what is pinned to the parent.
/// Source: Linux 6.18, Documentation/core-api/pin_user_pages.rst, and mm/gup.c: rights by check_vma_flags(), which
/// needs neither a stack to grow nor a file that is told of writes (memfd is none); pages by gup_must_unshare(), which
/// leaves files and zeros as they are to whoever reads them for a short time. Errors of slots are those of registered
/// buffers, as io_uring/rsrc.c gives them: io_buffer_validate() and io_import_fixed().
/// </summary>
public static class PinSpec
{
    /// <summary>Pins all pages of a range, or none; what was touched up to the first that cannot be is so.</summary>
    public static KernelOutcome Pin(KernelState state, in KernelCommand command)
    {
        ulong start = command.Address.Value, length = command.Length.Value, end = start + length;
        if (state.Pins[command.Pin.Value] is not null)
        {
            return KernelOutcome.Failed(state, Errno.EBUSY);
        }

        // A page more than there is must not overflow.
        bool overflows = length > 0 && start + length + PageContent.Bytes < start;
        if (length == 0 || overflows || end > AddressSpaceSpec.UserEnd)
        {
            return KernelOutcome.Failed(state, overflows ? Errno.EOVERFLOW : Errno.EFAULT);
        }

        ulong first = AddressSpaceSpec.PageStart(start);
        KernelOutcome outcome = KernelOutcome.Done(state);
        for (ulong page = first; page < end; page += PageContent.Bytes)
        {
            if (Touch(outcome, command, page) is not { } touched)
            {
                return outcome with { Answer = new() { Kind = KernelAnswerKind.Failed, Errno = Errno.EFAULT } };
            }

            outcome = touched;
        }

        var after = outcome.State;
        var pages = ImmutableArray.CreateBuilder<PageSource>();
        for (ulong page = first; page < end; page += PageContent.Bytes)
        {
            (after, var source) = LoanSpec.Lend(after, command.Process, page);
            pages.Add(source);
        }

        bool writes = command.Pinning.HasFlag(PinFlags.Write);
        PinState pin = new(pages.ToImmutable(), (int)(start - first), length, writes);
        return outcome with { State = after.With(command.Pin, pin) };
    }

    /// <summary>Gives a pin up.</summary>
    public static KernelOutcome Unpin(KernelState state, in KernelCommand command) =>
        state.Pins[command.Pin.Value] is null
            ? KernelOutcome.Failed(state, Errno.ENXIO)
            : KernelOutcome.Done(state.With(command.Pin, null));

    /// <summary>The device reads up to eight bytes.</summary>
    public static KernelOutcome Load(KernelState state, in KernelCommand command)
    {
        if (Refusal(state, command) is var refusal && refusal != Errno.None)
        {
            return KernelOutcome.Failed(state, refusal);
        }

        ulong loaded = 0;
        foreach (var (source, at, place, count) in PartsOf(state, command))
        {
            loaded |= PipeSpec.ContentOf(state, source).Load(at, count) << 8 * place;
        }

        return KernelOutcome.Done(state, loaded);
    }

    /// <summary>The device writes up to eight bytes.</summary>
    public static KernelOutcome Store(KernelState state, in KernelCommand command)
    {
        if (Refusal(state, command) is var refusal && refusal != Errno.None)
        {
            return KernelOutcome.Failed(state, refusal);
        }

        if (!state.Pins[command.Pin.Value]!.Writes)
        {
            return KernelOutcome.Failed(state, Errno.EACCES);
        }

        var stored = state;
        foreach (var (source, at, place, count) in PartsOf(state, command))
        {
            var content = PipeSpec.ContentOf(stored, source).Store(at, count, command.Value >> 8 * place);
            stored = LoanSpec.Write(stored, source, content);
        }

        return KernelOutcome.Done(stored);
    }

    private static Errno Refusal(KernelState state, in KernelCommand command) =>
        state.Pins[command.Pin.Value] is not { } pin || command.Offset > pin.Length
        || command.Length.Value > pin.Length - command.Offset
            ? Errno.EFAULT
            : Errno.None;

    // The parts of an access that lie in one page each: where there, and which of the bytes.
    private static List<(PageSource Source, int At, int Place, int Count)> PartsOf(
        KernelState state, in KernelCommand command)
    {
        List<(PageSource, int, int, int)> parts = [];
        var pin = state.Pins[command.Pin.Value]!;
        int length = (int)command.Length.Value;
        for (int place = 0; place < length;)
        {
            int from = pin.Start + (int)command.Offset + place, at = from % PageContent.Bytes;
            int count = Math.Min(length - place, PageContent.Bytes - at);
            parts.Add((pin.Pages[from / PageContent.Bytes], at, place, count));
            place += count;
        }

        return parts;
    }

    // A fault as of an access, and where others may have the page too, one that gives the process its own.
    private static KernelOutcome? Touch(in KernelOutcome before, in KernelCommand command, ulong page)
    {
        bool writes = command.Pinning.HasFlag(PinFlags.Write);
        var process = before.State.Processes[command.Process.Value]!;
        if (AddressSpaceSpec.AreaAt(process, page) is not { } area
            || !area.Protection.HasFlag(writes ? MemoryProtection.Write : MemoryProtection.Read)
            || FaultSpec.Enter(before.State, command.Process, area, page, writes) is not
            { Signal: MemorySignal.None } touch)
        {
            return null;
        }

        var touched = Add(before, touch);
        var known = touch.State.Processes[command.Process.Value]!.PageAt(page);
        bool shares = !area.Shared && known is not { States: PageStates.Own }
            && (known is { IsCopy: true } || command.Pinning.HasFlag(PinFlags.LongTerm));
        return shares
            ? Add(touched, FaultSpec.Enter(touched.State, command.Process, area, page, writes: true))
            : touched;
    }

    private static KernelOutcome Add(in KernelOutcome before, in PageTouch touch) => before with
    {
        State = touch.State,
        FaultsLeast = before.FaultsLeast + touch.FaultsLeast,
        FaultsMost = before.FaultsMost + touch.FaultsMost,
        MajorMost = before.MajorMost + (touch.MayBeMajor ? touch.FaultsMost : 0),
    };
}
