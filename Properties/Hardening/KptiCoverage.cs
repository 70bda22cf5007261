using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.Hardening;
using PageProof.Spec.PageTables;

namespace PageProof.Properties.Hardening;

/// <summary>Counts the classes of the steps of a run, and judges them against the floor.</summary>
public sealed class KptiCoverage
{
    /// <summary>How many steps of each class a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 8_000;

    private const int PagesMany = 33;
    private static readonly KptiClass[] Classes = Enum.GetValues<KptiClass>();

    private readonly long[] _counts = new long[Classes.Length];

    /// <summary>How many commands were counted.</summary>
    public long Commands { get; private set; }

    public long this[KptiClass each] => _counts[(int)each];

    /// <summary>Counts a step that was permitted.</summary>
    public void Count(KptiState before, in KptiCommand command, in KptiAnswer answer, KptiState after)
    {
        Commands++;
        var cpu = before.Cpus[command.Cpu.Value];
        if (command.Kind == KptiCommandKind.Access)
        {
            var each = OfAccess(before, cpu, command.Access, answer.Walk);
            Add(each ?? default, each is not null);
            return;
        }

        bool done = answer.Outcome == KptiOutcome.Done, flushed = answer.Cost.PcidFlushes != 0;
        var process = command.Process;
        Add(OfCommand(command.Kind, done, flushed));
        Add(KptiClass.ScheduledRecycled, done && command.Kind == KptiCommandKind.Schedule
            && after.Cpus[command.Cpu.Value].Known.Length > before.Start.Asids);
        bool edits = done && command.Kind is KptiCommandKind.Unmap or KptiCommandKind.Protect;
        Add(KptiClass.EditedElsewhere, edits && answer.Cost.AddressFlushes > 0
            && before.Cpus.Any(each => each.InUser && each.Process == process));
        Add(KptiClass.UnmappedMany, done && command.Kind == KptiCommandKind.Unmap
            && PagesOf(before, process) - PagesOf(after, process) > PagesMany);
    }

    public void Add(KptiCoverage other)
    {
        Commands += other.Commands;
        for (int slot = 0; slot < _counts.Length; slot++)
        {
            _counts[slot] += other._counts[slot];
        }
    }

    /// <summary>The floor binds once the run is long enough for its rarest class.</summary>
    public CoverageReport Judge(long cases)
    {
        var below = Classes.Where(each => this[each] < Floor).Select(each => $"{each}: {this[each]}");
        return new(Classes.Length, _counts.Min(), cases >= CasesToBind ? [.. below] : [], []);
    }

    private static KptiClass OfCommand(KptiCommandKind kind, bool done, bool flushed) => kind switch
    {
        KptiCommandKind.Create => done ? KptiClass.Created : KptiClass.CreateRefused,
        KptiCommandKind.Destroy => done ? KptiClass.Destroyed : KptiClass.DestroyRefused,
        KptiCommandKind.Schedule => !done ? KptiClass.ScheduleRefused
            : flushed ? KptiClass.ScheduledFlushed : KptiClass.ScheduledKept,
        KptiCommandKind.Idle => KptiClass.Idled,
        KptiCommandKind.Enter => done ? KptiClass.Entered : KptiClass.EnterRefused,
        KptiCommandKind.Exit => !done ? KptiClass.ExitRefused
            : flushed ? KptiClass.ExitedFlushed : KptiClass.ExitedKept,
        KptiCommandKind.Map => done ? KptiClass.Mapped : KptiClass.MapRefused,
        KptiCommandKind.Unmap => done ? KptiClass.Unmapped : KptiClass.UnmapRefused,
        KptiCommandKind.Protect => done ? KptiClass.Protected : KptiClass.ProtectRefused,
        KptiCommandKind.MapKernel => done ? KptiClass.MappedKernel : KptiClass.MapKernelRefused,
        _ => done ? KptiClass.UnmappedKernel : KptiClass.UnmapKernelRefused,
    };

    // Null for what is of no class: a fault by rights, other than those that isolation is about.
    private static KptiClass? OfAccess(
        KptiState before, KptiCpuState cpu, in Access access, in TranslationOutcome outcome)
    {
        bool isUserMode = access.Cpl == PrivilegeLevel.Ring3, translated = outcome.Kind == OutcomeKind.Translated;
        bool upper = access.Address.Value >> 63 != 0;
        bool isEntry = EditSpec.At(before.Start.Entry, access.Address) is not null;
        bool isKernel = EditSpec.At(before.Kernel, access.Address) is not null;
        bool absent = !translated && (outcome.Code & PageFaultCode.Present) == 0;
        if (cpu.InUser)
        {
            return isUserMode
                ? translated ? KptiClass.UserOwnPage
                    : isEntry ? KptiClass.UserEntryPage
                    : isKernel ? KptiClass.UserKernelPage
                    : absent ? KptiClass.UserAbsent : null
                : isEntry && translated ? KptiClass.EntryUnderUserTable
                    : isKernel ? KptiClass.KernelPageUnderUserTable : null;
        }

        bool fetchable = before.On(cpu) is { } process
            && EditSpec.Walk(before.Start.Control, KptiViewSpec.OfUser(before, process), access).Kind
                == OutcomeKind.Translated;
        return translated ? upper ? KptiClass.KernelOwnPage : KptiClass.KernelUserPage
            : absent ? KptiClass.KernelAbsent
            : access.Kind == AccessKind.Fetch && fetchable ? KptiClass.PoisonedFetch : null;
    }

    private static int PagesOf(KptiState state, ProcessNumber process) =>
        state.Processes[process.Value]!.Pages.Length;

    private void Add(KptiClass each, bool when = true) => _counts[(int)each] += when ? 1 : 0;
}
