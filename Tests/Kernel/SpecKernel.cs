using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Tests.Kernel;

/// <summary>
/// The Spec as a kernel, to try the laws on: it agrees with itself, and each wrong thing that it can be made to do
/// has to be noticed.
/// </summary>
internal sealed class SpecKernelSystem(KernelMistake mistake = KernelMistake.None) : ISystem
{
    public string Name => $"spec ({mistake})";

    public ITranslator? OpenTranslator() => null;

    public IKernel? OpenKernel() => new SpecKernel(mistake);

    public void Dispose()
    {
    }
}

/// <summary>What the kernel does wrongly.</summary>
public enum KernelMistake
{
    None,
    Idle,
    ForkShares,
    ForkLosesStores,
    DontNeedKeeps,
    TruncateKeepsMapped,
    TruncateKeepsTail,
    PrivateWritesFile,
    MunmapRoundsDown,
    MprotectIgnoresGaps,
    StoreMissesSecondPage,
    NoReplaceReplaces,
    CountsZeroPageTwice,
    PresentBitMissing,
    ShortReads,
    ErrorsInOtherOrder,
    MoveLosesPages,
    MoveLeavesSource,
    GrowOverlaps,
    LockForgetsToTouch,
    DontNeedDropsLocked,
    HoleKeepsBytes,
    HoleDropsCopies,
    ForceIsRefused,
    PresenceForgetsZeroPage,
    FreedComesBack,
    FreedFlickers,
    StackStays,
    KeepsSharedApart,
    BreakKeepsPages,
    BreakMeetsNeighbour,
    AdviceDropsOfOthers,
    AdviceWithoutErrors,
    PlacedInGap,
    StackWithoutLimit,
    WritesNeverShareBuffers,
    SpliceCopies,
    LentIsCopied,
    CutOffIsCleared,
    PipeTakesTooMuch,
    RacedWriteGoesToTheFile,
    ImageKeepsRest,
    ImageKeepsHeap,
    PinnedIsShared,
    StoreLeavesPin,
    UnpinForgets,
    PinIsCopy,
    DeviceWriteIsLost,
    PagesMoveAway,
    MovedPagesFault,
}

/// <summary>Answers what the Spec says, but for one mistake.</summary>
internal sealed class SpecKernel(KernelMistake mistake) : IKernel
{
    private readonly List<AreaLine> _lines = [];
    private AreaLine[] _told = [];

    public KernelCapabilities Capabilities { get; } = new()
    {
        Commands = Enum.GetValues<KernelCommandKind>(),
        Flags = KernelCapabilities.PlainFlags | MmapFlags.Locked | MmapFlags.Populate | MmapFlags.GrowsDown,
        Advice = Enum.GetValues<MemoryAdvice>(),
        FewFrames = true,
        Compressors = [ZswapCompressor.Lz4, ZswapCompressor.Zstd],
    };

    public ReadOnlySpan<AreaLine> Lines => _told;

    public void Run(KernelStart start, ReadOnlySpan<KernelCommand> commands, Span<KernelAnswer> answers) =>
        RunAll([new(start, [.. commands])], answers);

    public void RunAll(ReadOnlySpan<KernelSequence> sequences, Span<KernelAnswer> answers)
    {
        _lines.Clear();
        int place = 0;
        foreach (var sequence in sequences)
        {
            var state = KernelSpec.Begin(sequence.Start, mistake == KernelMistake.StackWithoutLimit
                ? Capabilities with { StackLimit = 8 << 20 }
                : Capabilities);
            foreach (var command in sequence.Commands)
            {
                (state, answers[place++]) = Step(state, command);
            }
        }

        _told = [.. _lines];
    }

    public void Dispose()
    {
    }

    private (KernelState State, KernelAnswer Answer) Step(KernelState state, KernelCommand command)
    {
        if (mistake == KernelMistake.Idle)
        {
            return (state, new() { Kind = KernelAnswerKind.Done });
        }

        var before = state.Processes[command.Process.Value];
        command = Mistaken(state, command);
        KernelAnswer chosen = new() { Kind = KernelAnswerKind.Done, Value = before is null ? 0 : Chosen(before) };
        KernelOutcome due = KernelSpec.Next(state, command, chosen);
        due = due.Refusal is null ? due : due with { Answer = chosen };
        KernelAnswer answer = due.Answer with { MinorFaults = (ushort)due.FaultsMost };
        if (command.Kind == KernelCommandKind.Maps && answer.Kind == KernelAnswerKind.Done)
        {
            var lines = MapsSpec.LinesOf(before!, state.Files);
            lines = mistake == KernelMistake.KeepsSharedApart ? [.. lines.SelectMany(Apart)] : lines;
            answer = answer with { Value = (ulong)_lines.Count, Length = (ulong)lines.Length };
            _lines.AddRange(lines);
        }

        return Mistaken(state, command, before, due.State, answer);
    }

    // A call that is changed before it is made.
    private KernelCommand Mistaken(KernelState state, KernelCommand command) => (mistake, command.Kind) switch
    {
        (KernelMistake.MunmapRoundsDown, KernelCommandKind.Munmap) when command.Length.Value > 0x1000 =>
            command with { Length = new(AddressSpaceSpec.PageStart(command.Length.Value)) },
        (KernelMistake.NoReplaceReplaces, KernelCommandKind.Mmap) =>
            command with { Flags = command.Flags & ~MmapFlags.FixedNoReplace },
        (KernelMistake.LockForgetsToTouch, KernelCommandKind.Mmap) =>
            command with { Flags = command.Flags & ~(MmapFlags.Populate | MmapFlags.Locked) },
        (KernelMistake.StackStays, KernelCommandKind.Mmap) =>
            command with { Flags = command.Flags & ~MmapFlags.GrowsDown },
        (KernelMistake.DontNeedDropsLocked, KernelCommandKind.Mlock) =>
            command with { Kind = KernelCommandKind.Munlock },
        (KernelMistake.HoleKeepsBytes, KernelCommandKind.PunchHole) when command.Length.Value > 1 =>
            command with { Length = new(command.Length.Value / 2) },
        (KernelMistake.DontNeedKeeps, KernelCommandKind.Madvise) when command.Advice == MemoryAdvice.DontNeed =>
            command with { Advice = MemoryAdvice.Normal },
        (KernelMistake.ShortReads, KernelCommandKind.FileRead) when command.Length.Value > 7 =>
            command with { Length = new(command.Length.Value - 1) },
        (KernelMistake.PrivateWritesFile, KernelCommandKind.Mmap) when command.Flags == MmapFlags.Private
            && command.File.Value < state.Files => command with { Flags = MmapFlags.Shared },
        (KernelMistake.StoreMissesSecondPage, KernelCommandKind.Store)
            when command.Address.Value % 0x1000 + command.Length.Value > 0x1000 => command with
            { Value = command.Value & ((1UL << 8 * (int)(0x1000 - command.Address.Value % 0x1000)) - 1) },
        _ => command,
    };

    // An answer or a state that is changed afterwards.
    private (KernelState State, KernelAnswer Answer) Mistaken(
        KernelState before, KernelCommand command, ProcessState? process, KernelState after, KernelAnswer answer)
    {
        bool done = answer.Kind == KernelAnswerKind.Done;
        switch (mistake, command.Kind)
        {
            case (KernelMistake.ForkShares, KernelCommandKind.Store) when done && command.Process.Value > 0
                && before.Processes[0] is { } root && process!.Areas.SequenceEqual(root.Areas):
                // The parent gets the child's page.
                return (after.With(new ProcessNumber(0), after.Processes[command.Process.Value]), answer);
            case (KernelMistake.ForkLosesStores, KernelCommandKind.Fork) when done:
                return (after.With(command.Other, after.Processes[command.Other.Value]! with { Pages = [] }), answer);
            case (KernelMistake.TruncateKeepsMapped, KernelCommandKind.Truncate) when done:
                return (after with { Processes = before.Processes }, answer);
            case (KernelMistake.TruncateKeepsTail, KernelCommandKind.Truncate) when done
                && command.Offset < before.Objects[command.File.Value].Length:
                var whole = before.Objects[command.File.Value] with { Length = command.Offset };
                return (after.With(command.File.Value, whole), answer);
            case (KernelMistake.MoveLosesPages, KernelCommandKind.Mremap) when done:
                var moved = after.Processes[command.Process.Value]!;
                var emptied = AddressSpaceSpec.DropPages(moved, answer.Value, answer.Value + 0x1000);
                return (after.With(command.Process, emptied), answer);
            case (KernelMistake.MoveLeavesSource, KernelCommandKind.Mremap) when done
                && command.Remap.HasFlag(MremapFlags.Fixed) && command.Remap.HasFlag(MremapFlags.MayMove):
                return Mistaken(
                    before,
                    KernelSpec.Next(before, command with { Remap = command.Remap | MremapFlags.DontUnmap }, answer),
                    answer);
            case (KernelMistake.GrowOverlaps, KernelCommandKind.Mremap) when answer.Errno == Errno.ENOMEM:
                return (after, new() { Kind = KernelAnswerKind.Done, Value = command.Address.Value });
            case (KernelMistake.PagesMoveAway, KernelCommandKind.Compact) when done:
                return (after.With(command.Process, process! with { Pages = [] }), answer);
            case (KernelMistake.MovedPagesFault, KernelCommandKind.Compact) when done
                && process!.Pages.Any(page => page.IsCopy):
                return (after, answer with { MinorFaults = 1 });
            case (KernelMistake.HoleDropsCopies, KernelCommandKind.PunchHole) when done && process is not null:
                return (after.With(command.Process, process with { Pages = [] }), answer);
            case (KernelMistake.ForceIsRefused, KernelCommandKind.ForceWrite) when done
                && AddressSpaceSpec.AreaAt(process!, command.Address.Value) is { } forced
                && !FaultSpec.Permits(forced.Protection, writes: true):
                return (before, new() { Kind = KernelAnswerKind.Failed, Errno = Errno.EIO });
            case (KernelMistake.PresenceForgetsZeroPage, KernelCommandKind.Presence) when done:
                ulong copies = 0;
                for (int place = 0; place < 64; place++)
                {
                    bool copy = process!.PageAt(command.Address.Value + (ulong)place * 0x1000) is { IsCopy: true };
                    copies |= copy ? 1UL << place : 0;
                }

                return (after, answer with { Value = answer.Value & copies });
            case (KernelMistake.FreedComesBack, KernelCommandKind.Store) when done:
                var storing = after.Processes[command.Process.Value]!;
                var without = storing with { Pages = [.. storing.Pages.Where(page => !page.IsCopy)] };
                bool drops = process!.Pages.Any(page => page.Freed) && storing.Pages.All(page => page.Loan == 0);
                return (drops ? after.With(command.Process, without) : after, answer);
            case (KernelMistake.FreedFlickers, KernelCommandKind.Load) when done
                && process!.PageAt(AddressSpaceSpec.PageStart(command.Address.Value)) is { Freed: true }:
                return (before, answer with { Value = 0, MinorFaults = 1 });
            case (KernelMistake.MprotectIgnoresGaps, KernelCommandKind.Mprotect) when answer.Errno == Errno.ENOMEM:
                return (after, new() { Kind = KernelAnswerKind.Done });
            case (KernelMistake.CountsZeroPageTwice, KernelCommandKind.Load) when answer.MinorFaults == 1:
                return (after, answer with { MinorFaults = 2 });
            case (KernelMistake.PresentBitMissing, _) when answer.Kind == KernelAnswerKind.Signal:
                return (after, answer with { Code = answer.Code & ~PageFaultCode.Present });
            case (KernelMistake.ErrorsInOtherOrder, KernelCommandKind.Mmap)
                when answer.Kind == KernelAnswerKind.Failed && command.Length.Value == 0:
                return (after, answer with { Errno = Errno.EINVAL });
            default:
                return MistakenHeap(before, command, process, after, answer);
        }
    }

    // The same of heaps, and of advice about others.
    private (KernelState State, KernelAnswer Answer) MistakenHeap(
        KernelState before, KernelCommand command, ProcessState? process, KernelState after, KernelAnswer answer)
    {
        bool done = answer.Kind == KernelAnswerKind.Done;
        switch (mistake, command.Kind)
        {
            case (KernelMistake.BreakKeepsPages, KernelCommandKind.Brk) when done && answer.Value < process!.Break:
                return (before.With(command.Process, process with { Break = answer.Value }), answer);
            case (KernelMistake.BreakMeetsNeighbour, KernelCommandKind.Brk) when done && process is not null
                && answer.Value != command.Address.Value && command.Address.Value > process.Break
                && command.Address.Value < AddressSpaceSpec.UserEnd:
                return (after, answer with { Value = command.Address.Value });
            case (KernelMistake.ImageKeepsRest, KernelCommandKind.Exec) when done:
                var image = after.Processes[command.Process.Value]!;
                return (after.With(command.Process, image with { Pages = [] }), answer);
            case (KernelMistake.ImageKeepsHeap, KernelCommandKind.Exec) when done:
                var started = after.Processes[command.Process.Value]!;
                return (after.With(command.Process, started with { Heap = process!.Heap }), answer);
            case (KernelMistake.AdviceDropsOfOthers, KernelCommandKind.MadviseOther)
                when command.Other != command.Process && command.Advice == MemoryAdvice.DontNeed
                && answer.Errno == Errno.EINVAL:
                var about = command with { Kind = KernelCommandKind.Madvise, Process = command.Other };
                return Mistaken(before, KernelSpec.Next(before, about, answer), answer);
            case (KernelMistake.AdviceWithoutErrors, KernelCommandKind.MadviseOther) when answer.Errno == Errno.ESRCH:
                return (after, new() { Kind = KernelAnswerKind.Done, Length = command.Length.Value });
            default:
                return MistakenPipe(before, command, after, answer);
        }
    }

    private (KernelState State, KernelAnswer Answer) MistakenPipe(
        KernelState before, KernelCommand command, KernelState after, KernelAnswer answer)
    {
        bool done = answer.Kind == KernelAnswerKind.Done;
        switch (mistake, command.Kind)
        {
            case (KernelMistake.WritesNeverShareBuffers, KernelCommandKind.PipeWrite) when done:
                return (WithBuffers(after, buffer => buffer with { TakesMore = false }), answer);
            case (KernelMistake.SpliceCopies, KernelCommandKind.Splice) when done:
            case (KernelMistake.LentIsCopied, KernelCommandKind.VmSplice) when done:
                return (WithBuffers(after, buffer => buffer with
                {
                    Page = new PageSource.Kept(PipeSpec.ContentOf(after, buffer.Page)),
                }), answer);
            case (KernelMistake.CutOffIsCleared, KernelCommandKind.Truncate) when done:
                return (after with { Pipes = before.Pipes }, answer);
            case (KernelMistake.RacedWriteGoesToTheFile, KernelCommandKind.ForceRaced) when done && !command.FromLast
                && AddressSpaceSpec.AreaAt(before.Processes[command.Process.Value]!, command.Address.Value) is
                { Shared: false, Object: >= 0 } raced && !FaultSpec.Permits(raced.Protection, writes: true):
                ulong offset = raced.Offset + (command.Address.Value - raced.Start);
                var file = FileSpec.Write(
                    before.Objects[raced.Object], offset, (int)answer.Length, command.Value, keepsTail: true);
                return (before.With(raced.Object, file), answer);
            case (KernelMistake.PipeTakesTooMuch, KernelCommandKind.PipeRead) when done && answer.Length > 0:
                return (after.With(command.Pipe, before.Pipes[command.Pipe.Value] with { Buffers = [] }), answer);
            default:
                return (done ? MistakenPin(before, command, after) : after, answer);
        }
    }

    private KernelState MistakenPin(KernelState before, KernelCommand command, KernelState after)
    {
        switch (mistake, command.Kind)
        {
            case (KernelMistake.PinnedIsShared, KernelCommandKind.Fork):
                var unpinned = before with { Pins = [.. before.Pins.Select(_ => (PinState?)null)] };
                return LoanSpec.Settle(before, ForkSpec.Fork(unpinned, command).State with { Pins = before.Pins });
            case (KernelMistake.StoreLeavesPin, KernelCommandKind.Store):
                var storer = after.Processes[command.Process.Value]!;
                var pages = storer.Pages.Select(page =>
                    LoanSpec.IsPinned(after, page.Loan) ? page with { Loan = 0 } : page);
                return LoanSpec.Settle(before, after.With(command.Process, storer with { Pages = [.. pages] }));
            case (KernelMistake.UnpinForgets, KernelCommandKind.Unpin):
            case (KernelMistake.DeviceWriteIsLost, KernelCommandKind.PinStore):
                return before;
            case (KernelMistake.PinIsCopy, KernelCommandKind.Pin) when !command.Pinning.HasFlag(PinFlags.Write):
                var pin = after.Pins[command.Pin.Value]!;
                var copied = pin.Pages.Select(page => new PageSource.Kept(PipeSpec.ContentOf(after, page)));
                return after.With(command.Pin, pin with { Pages = [.. copied] });
            default:
                return after;
        }
    }

    private static KernelState WithBuffers(KernelState state, Func<PipeBuffer, PipeBuffer> change) => state with
    {
        Pipes =
        [
            .. state.Pipes.Select(pipe => pipe with { Buffers = [.. pipe.Buffers.Select(change)] }),
        ],
    };

    private static (KernelState State, KernelAnswer Answer) Mistaken(
        KernelState before, KernelOutcome other, KernelAnswer answer) =>
        other.Answer.Kind == KernelAnswerKind.Done ? (other.State, other.Answer) : (before, answer);

    private static IEnumerable<AreaLine> Apart(AreaLine line)
    {
        ulong middle = line.Start.Value + 0x1000;
        return !line.Shared || line.End.Value == middle ? [line] :
        [
            line with { End = new(middle) },
            line with { Start = new(middle), Offset = line.Offset + 0x1000 },
        ];
    }

    private ulong Chosen(ProcessState process)
    {
        ulong stack = process.Areas.FirstOrDefault(area => area.GrowsDown).Start, place = stack - 0x2_0000;
        bool misplaces = mistake == KernelMistake.PlacedInGap && stack > 0x2_0000;
        return misplaces && AddressSpaceSpec.IsFree(process, place, stack) ? place : FreePlace(process);
    }

    private static ulong FreePlace(ProcessState process)
    {
        ulong place = 0x7000_0000_0000;
        while (!AddressSpaceSpec.IsFree(process, place, place + 0x20_0000))
        {
            place -= 0x20_0000;
        }

        return place;
    }
}
