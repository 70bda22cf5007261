using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>How often each class of steps was reached, and whether that is enough.</summary>
/// <typeparam name="TClass">The classes.</typeparam>
public sealed class ClassCounts<TClass>
    where TClass : struct, Enum
{
    private readonly Dictionary<TClass, long> _counts = Enum.GetValues<TClass>().ToDictionary(each => each, _ => 0L);

    /// <summary>How many commands were counted.</summary>
    public long Commands { get; private set; }

    /// <summary>Counts one step of a class.</summary>
    public void Add(TClass each)
    {
        Commands++;
        _counts[each]++;
    }

    /// <summary>Adds the counts of another worker.</summary>
    public void Add(ClassCounts<TClass> other)
    {
        Commands += other.Commands;
        foreach (var (each, count) in other._counts)
        {
            _counts[each] += count;
        }
    }

    /// <summary>The report; the floor binds when the run is long enough for the rarest class.</summary>
    public CoverageReport Judge(bool binds) => new(
        _counts.Count,
        _counts.Values.Min(),
        binds
            ? [.. _counts.Where(each => each.Value < TlbCoverage.Floor).Select(each => $"{each.Key}: {each.Value}")]
            : [],
        []);
}

/// <summary>Which class a step of a software-filled TLB, or of its kernel, is of.</summary>
internal static class SoftwareTlbCoverage
{
    /// <summary>The class of a step; null when nothing is known of the processor any more.</summary>
    public static SoftwareTlbClass? Of(
        SoftwareTlbState before, in SoftwareTlbCommand command, in SoftwareTlbAnswer answer, SoftwareTlbState after)
    {
        if (after.Condition == SoftwareTlbCondition.Undefined)
        {
            return null;
        }

        if (after.Condition == SoftwareTlbCondition.Shutdown)
        {
            return before.Condition == SoftwareTlbCondition.Shutdown
                ? SoftwareTlbClass.AfterShutdown
                : SoftwareTlbClass.ShutDown;
        }

        bool failed = before.Index >= SoftwareTlbFormat.ProbeFailed;
        return command.Kind switch
        {
            SoftwareTlbCommandKind.WriteRegister => SoftwareTlbClass.RegisterWritten,
            SoftwareTlbCommandKind.ReadRegister when command.Register == SoftwareTlbRegister.Random =>
                SoftwareTlbClass.RandomRead,
            SoftwareTlbCommandKind.ReadRegister => before == after
                ? SoftwareTlbClass.RegisterRead
                : SoftwareTlbClass.UndefinedRegisterRead,
            SoftwareTlbCommandKind.Probe => after.Index >= SoftwareTlbFormat.ProbeFailed
                ? SoftwareTlbClass.ProbeFailed
                : SoftwareTlbClass.ProbeFound,
            SoftwareTlbCommandKind.ReadEntry => SoftwareTlbClass.EntryRead,
            SoftwareTlbCommandKind.WriteIndexed => SoftwareTlbClass.IndexedWritten,
            SoftwareTlbCommandKind.WriteProbed when !failed => SoftwareTlbClass.FoundWritten,
            SoftwareTlbCommandKind.WriteRandom or SoftwareTlbCommandKind.WriteProbed => before.Wired == 0
                ? SoftwareTlbClass.RandomWritten
                : SoftwareTlbClass.RandomWrittenAboveWired,
            SoftwareTlbCommandKind.Access => OfAccess(before, command, answer),
            _ => SoftwareTlbClass.Returned,
        };
    }

    /// <summary>The class of a step of a kernel.</summary>
    public static SoftwareTlbKernelClass Of(
        SoftwareTlbKernelState before, in SoftwareTlbKernelCommand command, in SoftwareTlbKernelAnswer answer)
    {
        bool write = command.Access == AccessKind.Write;
        int page = command.Process * SoftwareTlbKernelStart.Pages + command.Page.Value;
        int own = before.Current * SoftwareTlbKernelStart.Pages + command.Page.Value;
        return command.Kind switch
        {
            SoftwareTlbKernelCommandKind.Access when answer.Kind == SoftwareTlbKernelAnswerKind.Fault =>
                before.Pages[own] is null ? SoftwareTlbKernelClass.NotMapped : SoftwareTlbKernelClass.ReadOnly,
            SoftwareTlbKernelCommandKind.Access when answer.Traps == 0 =>
                write ? SoftwareTlbKernelClass.WriteHit : SoftwareTlbKernelClass.ReadHit,
            SoftwareTlbKernelCommandKind.Access =>
                write ? SoftwareTlbKernelClass.WriteFilled : SoftwareTlbKernelClass.ReadFilled,
            SoftwareTlbKernelCommandKind.AccessWired => SoftwareTlbKernelClass.Wired,
            SoftwareTlbKernelCommandKind.Map => before.Pages[page] is null
                ? SoftwareTlbKernelClass.Mapped
                : SoftwareTlbKernelClass.Remapped,
            SoftwareTlbKernelCommandKind.Unmap => SoftwareTlbKernelClass.Unmapped,
            SoftwareTlbKernelCommandKind.Protect => SoftwareTlbKernelClass.Protected,
            SoftwareTlbKernelCommandKind.Clean => answer.Kind == SoftwareTlbKernelAnswerKind.WasDirty
                ? SoftwareTlbKernelClass.WasDirty
                : SoftwareTlbKernelClass.WasClean,
            SoftwareTlbKernelCommandKind.Switch => SoftwareTlbKernelClass.Switched,
            _ => command.Process == before.Current
                ? SoftwareTlbKernelClass.CurrentExited
                : SoftwareTlbKernelClass.OtherExited,
        };
    }

    private static SoftwareTlbClass OfAccess(
        SoftwareTlbState before, in SoftwareTlbCommand command, in SoftwareTlbAnswer answer)
    {
        if (answer.Kind == SoftwareTlbAnswerKind.Exception)
        {
            return OfException(before, answer);
        }

        var mode = before.IsHandling ? ProcessorMode.Kernel : command.Mode;
        if (SoftwareTlbSegmentSpec.Of(command.Address, mode).Kind == SegmentKind.Unmapped)
        {
            return SoftwareTlbClass.Unmapped;
        }

        var entry = before.Entries[before.PlacesOf(command.Address.Value)[0]];
        return entry.Asid != before.Asid ? SoftwareTlbClass.TranslatedGlobal
            : command.Access == AccessKind.Write ? SoftwareTlbClass.StoreTranslated
            : entry.Size == 0 ? SoftwareTlbClass.TranslatedSmall
            : SoftwareTlbClass.TranslatedLarge;
    }

    private static SoftwareTlbClass OfException(SoftwareTlbState before, in SoftwareTlbAnswer answer)
    {
        bool store = answer.Code == ExceptionCode.Store;
        return answer.Code switch
        {
            ExceptionCode.Modified => SoftwareTlbClass.Modified,
            ExceptionCode.AddressLoad => SoftwareTlbClass.AddressErrorLoad,
            ExceptionCode.AddressStore => SoftwareTlbClass.AddressErrorStore,
            _ when answer.Vector == ExceptionVector.ExtendedRefill =>
                store ? SoftwareTlbClass.RefillStore : SoftwareTlbClass.RefillLoad,
            _ when before.IsHandling => SoftwareTlbClass.NestedMiss,
            _ => store ? SoftwareTlbClass.InvalidStore : SoftwareTlbClass.InvalidLoad,
        };
    }
}
