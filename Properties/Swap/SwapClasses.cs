using PageProof.Contract.Swap;
using PageProof.Spec.Swap;
using static PageProof.Spec.Swap.ProcessPageState;

namespace PageProof.Properties.Swap;

/// <summary>Of which class a step is.</summary>
internal static class SwapClasses
{
    public static SwapClass Of(SwapState before, in SwapCommand command, in SwapAnswer answer, SwapState after) =>
        command.Kind switch
        {
            SwapCommandKind.MakeSwap => OfMake(before, command, answer.Reason),
            SwapCommandKind.Poke => answer.Outcome == SwapOutcome.Done ? SwapClass.Poked : SwapClass.PokeRefused,
            SwapCommandKind.SwapOn => OfOn(before, command, answer.Reason),
            SwapCommandKind.SwapOff => OfOff(before, command, answer.Reason, after),
            SwapCommandKind.Store => OfStore(before[command.Page], answer.Outcome),
            SwapCommandKind.Load => OfLoad(before, command.Page, answer.Outcome),
            SwapCommandKind.PageOut => OfOut(before, command.Page, answer.Outcome),
            SwapCommandKind.BeginRead => answer.Outcome == SwapOutcome.Refused ? SwapClass.BeginReadRefused
                : after.Readers[command.Reader]!.HasFailed ? SwapClass.ReadBegunWithError : SwapClass.ReadBegun,
            SwapCommandKind.EndRead => OfEnd(before, command, answer.Outcome),
            SwapCommandKind.Drop => before[command.Page] switch
            {
                None => SwapClass.DropRefused,
                Lost => SwapClass.DroppedLost,
                InFrame => SwapClass.Dropped,
                InSwap swapped => before.SlotAt(swapped.Place).References == 1
                    ? SwapClass.DroppedSlot : SwapClass.DroppedShared,
                _ => default,
            },
            SwapCommandKind.Fork => OfFork(before, command, answer.Outcome),
            SwapCommandKind.ClearMarks => SwapClass.MarksCleared,
            SwapCommandKind.FailRead => SwapClass.ReadFailureSet,
            _ => SwapClass.WriteFailureSet,
        };

    // What else is so of a step that was carried out.
    public static IEnumerable<SwapClass> Besides(
        SwapState before, SwapCommand command, SwapAnswer answer, SwapState after)
    {
        switch (command.Kind)
        {
            case SwapCommandKind.SwapOn:
                if (SwapHeaderFormat.IsOfOtherOrder(before.Headers[command.Device.Value]))
                {
                    yield return SwapClass.OnOfOtherOrder;
                }

                var area = after.AreaOn(command.Device)!;
                if (area.Usable < area.Slots.Length - 1)
                {
                    yield return SwapClass.OnWithBadPages;
                }

                if (before.TurnedOn > before.Areas.Length)
                {
                    yield return SwapClass.OnAgain;
                }

                break;
            case SwapCommandKind.PageOut when after.Writes > before.Writes:
                var rivals = before.Areas.Where(each => each.Number != answer.Place.Area).ToList();
                short priority = before.AreaOf(answer.Place.Area).Priority;
                if (rivals.Any(each => each.Priority == priority && each.Free > 0))
                {
                    yield return SwapClass.OutWithRival;
                }

                if (rivals.Any(each => each.Priority > priority))
                {
                    yield return SwapClass.OutBelow;
                }

                break;
            case SwapCommandKind.ClearMarks
                when before.PagesOf(command.Page.Process).Any(each => each.State is InSwap { IsMarked: true }):
                yield return SwapClass.MarksClearedInSlots;
                break;
            case SwapCommandKind.Fork:
                var states = before.PagesOf(command.Page.Process).Select(each => each.State).ToList();
                if (states.Any(each => each is InSwap))
                {
                    yield return SwapClass.ForkedWithSlots;
                }

                if (states.Any(each => each is Lost))
                {
                    yield return SwapClass.ForkedWithLoss;
                }

                break;
        }
    }

    public static bool IsPossible(SwapClass each, SwapCapabilities offered) =>
        (offered.Fails || each is not (SwapClass.MakeReadOnly or SwapClass.MakeWriteError or SwapClass.OnReadOnly
            or SwapClass.OnReadError or SwapClass.OffWithLoss or SwapClass.StoreReadError or SwapClass.StoreLost
            or SwapClass.LoadReadError or SwapClass.LoadLost or SwapClass.OutWriteError
            or SwapClass.ReadBegunWithError or SwapClass.ReadEndedWithError or SwapClass.DroppedLost
            or SwapClass.ForkedWithLoss or SwapClass.ReadFailureSet or SwapClass.WriteFailureSet))
        && (offered.Partitions || each is not (SwapClass.MakeOfPartitionInUse or SwapClass.OnWithBadPages
            or SwapClass.OnTooManyBadPages or SwapClass.OnBadPageOutside));

    private static SwapClass OfMake(SwapState before, in SwapCommand command, SwapReason reason) => reason switch
    {
        SwapReason.None => command.Bad.Count == 0 ? SwapClass.Made : SwapClass.MadeWithBadPages,
        SwapReason.ReadOnly => SwapClass.MakeReadOnly,
        SwapReason.InUse => before.Start.Devices[command.Device.Value].Kind == SwapDeviceKind.File
            ? SwapClass.MakeOfFileInUse : SwapClass.MakeOfPartitionInUse,
        SwapReason.TooSmall => SwapClass.MakeTooSmall,
        SwapReason.TooLarge => SwapClass.MakeTooLarge,
        SwapReason.BadPageOutside => SwapClass.MakeOfBadOutside,
        SwapReason.Empty => SwapClass.MakeEmpty,
        _ => SwapClass.MakeWriteError,
    };

    private static SwapClass OfOn(SwapState before, in SwapCommand command, SwapReason reason) => reason switch
    {
        SwapReason.None => command.Priority == SwapCommand.NoPriority ? SwapClass.On : SwapClass.OnWithPriority,
        SwapReason.TooManyAreas => SwapClass.OnTooMany,
        SwapReason.ReadOnly => SwapClass.OnReadOnly,
        SwapReason.InUse => SwapClass.OnInUse,
        SwapReason.InputOutput => SwapClass.OnReadError,
        SwapReason.NoSignature => SwapClass.OnNoSignature,
        SwapReason.WrongVersion => SwapClass.OnWrongVersion,
        SwapReason.Empty => SwapClass.OnEmpty,
        SwapReason.Short => SwapClass.OnShort,
        SwapReason.BadPagesOfFile => SwapClass.OnBadPagesOfFile,
        SwapReason.TooManyBadPages => SwapClass.OnTooManyBadPages,
        SwapReason.BadPageOutside => SwapClass.OnBadPageOutside,
        _ => SwapClass.OnHole,
    };

    private static SwapClass OfOff(SwapState before, in SwapCommand command, SwapReason reason, SwapState after) =>
        reason switch
        {
            SwapReason.NotInUse => SwapClass.OffNotInUse,
            SwapReason.NoRoom => SwapClass.OffNoRoom,
            _ => after.All.Count(page => page is Lost) > before.All.Count(page => page is Lost)
                ? SwapClass.OffWithLoss
                : before.AreaOn(command.Device) is { } area && area.Free < area.Usable
                    ? SwapClass.OffWithPages : SwapClass.Off,
        };

    private static SwapClass OfStore(ProcessPageState page, SwapOutcome outcome) => outcome switch
    {
        SwapOutcome.OutOfMemory => SwapClass.StoreOutOfMemory,
        SwapOutcome.ReadError => SwapClass.StoreReadError,
        SwapOutcome.Lost => SwapClass.StoreLost,
        _ => page switch
        {
            None => SwapClass.StoredNew,
            InSwap => SwapClass.StoredAfterRead,
            InFrame { Place: not null } => SwapClass.StoredToClean,
            _ => SwapClass.Stored,
        },
    };

    private static SwapClass OfLoad(SwapState before, ProcessPage page, SwapOutcome outcome) => outcome switch
    {
        SwapOutcome.OutOfMemory => SwapClass.LoadOutOfMemory,
        SwapOutcome.ReadError => SwapClass.LoadReadError,
        SwapOutcome.Lost => SwapClass.LoadLost,
        _ => before[page] switch
        {
            None => SwapClass.LoadedZeros,
            InSwap swapped => before.SlotAt(swapped.Place).References == 1
                ? SwapClass.LoadedBack : SwapClass.LoadedShared,
            _ => SwapClass.Loaded,
        },
    };

    private static SwapClass OfOut(SwapState before, ProcessPage page, SwapOutcome outcome) => outcome switch
    {
        SwapOutcome.Refused => SwapClass.OutRefused,
        SwapOutcome.Full => before.Areas.IsEmpty ? SwapClass.OutWithoutAreas : SwapClass.OutFull,
        SwapOutcome.WriteError => SwapClass.OutWriteError,
        _ => before[page] is InFrame { Place: not null } ? SwapClass.OutClean : SwapClass.Out,
    };

    private static SwapClass OfEnd(SwapState before, in SwapCommand command, SwapOutcome outcome) => outcome switch
    {
        SwapOutcome.Refused => SwapClass.EndReadRefused,
        SwapOutcome.Stale => before.Readers[command.Reader] is { } reader && before[reader.Page].Equals(reader.Entry)
            ? SwapClass.ReadStaleInSameSlot : SwapClass.ReadStale,
        SwapOutcome.OutOfMemory => SwapClass.ReadOutOfMemory,
        SwapOutcome.ReadError => SwapClass.ReadEndedWithError,
        _ => SwapClass.ReadEnded,
    };

    private static SwapClass OfFork(SwapState before, in SwapCommand command, SwapOutcome outcome) =>
        outcome == SwapOutcome.Done ? SwapClass.Forked
        : outcome == SwapOutcome.Refused ? SwapClass.ForkRefused
        : before.PagesOf(command.Page.Process).Count(each => each.State is InFrame) > before.FramesFree
            ? SwapClass.ForkOutOfMemory : SwapClass.ForkSaturated;
}
