using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// mremap. What shrinks or stays as it is in its place may lie in several areas, and what moves to an address of the
/// caller's without a change of length too; all else is about one area.
/// Source: mremap(2), sections DESCRIPTION and ERRORS; the order of the checks, and moves of several areas, as
/// Linux 6.18 answers. It may keep apart what is one area here, and then find an end of an area inside.
/// </summary>
public static class MremapSpec
{
    private const MremapFlags Known = MremapFlags.MayMove | MremapFlags.Fixed | MremapFlags.DontUnmap;

    /// <summary>Changes the length or the place of what is mapped.</summary>
    public static KernelOutcome Mremap(KernelState state, in KernelCommand command, in KernelAnswer told)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong from = command.Address.Value, target = command.Target.Value;
        ulong old = AddressSpaceSpec.PageAlign(command.Length.Value);
        ulong length = AddressSpaceSpec.PageAlign(command.NewLength.Value);
        bool moves = (command.Remap & (MremapFlags.Fixed | MremapFlags.DontUnmap)) != 0;
        if (IsInvalid(command, from, old, target, length) || length == 0)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        if (AddressSpaceSpec.AreaAt(process, from) is not { } area)
        {
            return KernelOutcome.Failed(state, Errno.EFAULT);
        }

        if (old == 0 && !area.Shared)
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        ulong kept = Math.Min(old, length);
        bool several = moves ? old == length && command.Remap.HasFlag(MremapFlags.Fixed) : length <= old;
        bool apart = area.Seams && kept > PageContent.Bytes && told.Errno == Errno.EFAULT;
        return !several && (kept > area.End - from || apart) ? KernelOutcome.Failed(state, Errno.EFAULT)
            : moves ? Move(state, command, area, old, length, told)
            : length <= old ? Shrink(state, command, old, length)
            : Grow(state, command, area, old, length, told);
    }

    private static bool IsInvalid(in KernelCommand command, ulong from, ulong old, ulong target, ulong length)
    {
        bool moves = (command.Remap & (MremapFlags.Fixed | MremapFlags.DontUnmap)) != 0;
        bool overlaps = from + old > target && target + length > from;
        return (command.Remap & ~Known) != 0
            || from % PageContent.Bytes != 0
            || length > AddressSpaceSpec.UserEnd
            || (moves && (target % PageContent.Bytes != 0
                || target > AddressSpaceSpec.UserEnd - length
                || !command.Remap.HasFlag(MremapFlags.MayMove)
                || (command.Remap.HasFlag(MremapFlags.DontUnmap) && old != length)
                || overlaps));
    }

    private static KernelOutcome Shrink(KernelState state, in KernelCommand command, ulong old, ulong length)
    {
        ulong from = command.Address.Value;
        if (length < old && (from > AddressSpaceSpec.UserEnd || old > AddressSpaceSpec.UserEnd - from))
        {
            return KernelOutcome.Failed(state, Errno.EINVAL);
        }

        var process = state.Processes[command.Process.Value]!;
        var less = AddressSpaceSpec.Unmap(process, from + length, from + old) with { LastMapped = from };
        return KernelOutcome.Done(state.With(command.Process, less), from);
    }

    private static KernelOutcome Grow(
        KernelState state, in KernelCommand command, in Area area, ulong old, ulong length, in KernelAnswer told)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong from = command.Address.Value, end = from + length;
        if (from + old == area.End && end <= AddressSpaceSpec.UserEnd
            && AddressSpaceSpec.IsFree(process, area.End, end))
        {
            ulong offset = area.IsPrivateAnonymous ? 0 : area.Offset + (area.End - area.Start);
            var more = AddressSpaceSpec.Add(process, area with { Start = area.End, End = end, Offset = offset });
            var grown = KernelOutcome.Done(state.With(command.Process, more with { LastMapped = from }), from);
            return area.Locked ? PopulateSpec.Populate(grown, command.Process, area.End, end) : grown;
        }

        return command.Remap.HasFlag(MremapFlags.MayMove)
            ? Move(state, command, area, old, length, told)
            : KernelOutcome.Failed(state, Errno.ENOMEM);
    }

    private static KernelOutcome Move(
        KernelState state, in KernelCommand command, in Area area, ulong old, ulong length, in KernelAnswer told)
    {
        var process = state.Processes[command.Process.Value]!;
        ulong from = command.Address.Value;
        bool isFixed = command.Remap.HasFlag(MremapFlags.Fixed);
        ulong place = isFixed ? command.Target.Value : told.Value;
        if (!isFixed && (place % PageContent.Bytes != 0 || place == 0
            || place > AddressSpaceSpec.UserEnd - length || !AddressSpaceSpec.IsFree(process, place, place + length)
            || StackSpec.Guards(process, place + length)))
        {
            return new(state, default) { Refusal = $"nothing can be mapped at 0x{place:x}" };
        }

        if (old == 0 && place == from)
        {
            // What is to be there twice is unmapped by its own target.
            var gone = AddressSpaceSpec.Unmap(process, place, place + length);
            return KernelOutcome.Failed(state.With(command.Process, gone), Errno.EFAULT);
        }

        // Of several areas each goes to its own place, and what lies between them stays there.
        var moved = process;
        ulong kept = Math.Min(old, length);
        var pieces = AddressSpaceSpec.Within(process, from, from + kept);
        pieces = old == length && isFixed ? pieces : [area];
        foreach (var piece in pieces)
        {
            ulong start = Math.Max(piece.Start, from), end = Math.Min(piece.End, from + kept);
            ulong size = old == length ? end - start : length;
            bool leaves = command.Remap.HasFlag(MremapFlags.DontUnmap) || old == 0;
            moved = MovePiece(moved, piece with { Start = start, End = end }, place + (start - from), size, leaves);
        }

        moved = length < old ? AddressSpaceSpec.Unmap(moved, from + length, from + old) : moved;
        var done = KernelOutcome.Done(state.With(command.Process, moved with { LastMapped = place }), place);
        return area.Locked && length > old
            ? PopulateSpec.Populate(done, command.Process, place + old, place + length)
            : done;
    }

    // The piece lies in an area of which it keeps the offset, so that is taken further on.
    private static ProcessState MovePiece(
        ProcessState process, in Area piece, ulong target, ulong size, bool leaves)
    {
        ulong start = piece.Start, end = piece.End;
        var room = AddressSpaceSpec.Unmap(process, target, target + size);
        Area source = AddressSpaceSpec.AreaAt(process, start)!.Value;
        ulong offset = source.IsPrivateAnonymous ? 0 : source.Offset + (start - source.Start);
        var pages = room.Pages.RemoveAll(page => page.Start < start || page.Start >= end);
        var left = leaves
            ? Leave(AddressSpaceSpec.DropPages(room, start, end), start, end)
            : AddressSpaceSpec.Unmap(room, start, end);
        var added = AddressSpaceSpec.Add(
            left, source with { Start = target, End = target + size, Offset = offset });
        foreach (var page in pages)
        {
            added = added.With(page with { Start = page.Start - start + target });
        }

        return added;
    }

    // The lock goes from all of the area, also from what was not moved.
    private static ProcessState Leave(ProcessState process, ulong start, ulong end) =>
        start < end && AddressSpaceSpec.AreaAt(process, start) is { } area
            ? AddressSpaceSpec.Change(process, area.Start, area.End, each => each with { Locked = false })
            : process;
}
