using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>Counts the classes of the steps of a run, and judges them against the floor.</summary>
public sealed class TlbCoverage
{
    /// <summary>How many steps of each class a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 25_000;

    private static readonly TlbClass[] Classes = Enum.GetValues<TlbClass>();

    private readonly long[] _counts = new long[Classes.Length];
    private readonly Dictionary<ulong, PagingEntry> _stored = [];
    private readonly StaleAnswers _stale = new();

    /// <summary>How many commands were counted.</summary>
    public long Commands { get; private set; }

    public long this[TlbClass each] => _counts[(int)each];

    public void Begin(TlbStart start)
    {
        _stored.Clear();
        _stale.Begin();
        foreach (var word in start.Words)
        {
            _stored[word.Address.Value] = word.Entry;
        }
    }

    /// <summary>Counts a step that was permitted.</summary>
    public void Count(TlbState before, in TlbCommand command, in TlbAnswer answer, in TlbStep step)
    {
        Commands++;
        switch (command.Kind)
        {
            case TlbCommandKind.Store:
                _stored[command.Word.Address.Value] = command.Word.Entry;
                Add(TlbClass.Stored);
                break;
            case TlbCommandKind.Load:
                CountLoad(answer.Entry.Value ^ _stored[command.Word.Address.Value].Value);
                Add(_stale.OfLoad(before, command, answer));
                break;
            case TlbCommandKind.Access:
                CountAccess(before, command, answer, step.Matches);
                break;
            default:
                Add(OfInstruction(command, answer.Kind != TlbAnswerKind.Done));
                break;
        }
    }

    public void Add(TlbCoverage other)
    {
        Commands += other.Commands;
        for (int slot = 0; slot < _counts.Length; slot++)
        {
            _counts[slot] += other._counts[slot];
        }
    }

    /// <summary>The floor binds once the run is long enough for its rarest class.</summary>
    public CoverageReport Judge(TlbCapabilities capabilities, long cases)
    {
        var possible = Classes.Where(each => IsPossible(each, capabilities)).ToList();
        var below = possible.Where(each => this[each] < Floor).Select(each => $"{each}: {this[each]}");
        return new(
            possible.Count, possible.Min(each => this[each]), cases >= CasesToBind ? [.. below] : [], []);
    }

    private static bool IsPossible(TlbClass each, TlbCapabilities capabilities)
    {
        var cr4 = capabilities.Cr4;
        bool Offers(TlbCommandKind kind) => capabilities.Commands.Contains(kind);
        return !capabilities.NeverShown.Contains(each) && each switch
        {
            TlbClass.ShadowStackTranslated => cr4.HasFlag(Cr4.ControlFlowEnforcement),
            TlbClass.Cr0Refused => cr4.HasFlag(Cr4.ControlFlowEnforcement) && capabilities.Refusals,
            TlbClass.Cr3Refused or TlbClass.Cr4Refused => capabilities.Refusals,
            TlbClass.Cr3MovedKeeping => cr4.HasFlag(Cr4.ProcessContextIdentifiers),
            TlbClass.GlobalOfAnotherPcid => cr4.HasFlag(Cr4.ProcessContextIdentifiers | Cr4.PageGlobalEnable),
            TlbClass.AddressOfPcidInvalidated or TlbClass.PcidInvalidated or TlbClass.EverythingInvalidated
                or TlbClass.AllButGlobalInvalidated or TlbClass.InvpcidRefused => Offers(TlbCommandKind.InvalidatePcid),
            TlbClass.PkruWritten => Offers(TlbCommandKind.WritePkru) && cr4.HasFlag(Cr4.ProtectionKeys),
            TlbClass.PkruRefused => Offers(TlbCommandKind.WritePkru) && capabilities.Refusals,
            TlbClass.OutsideMemory => !capabilities.Translation.Accesses,
            _ => true,
        };
    }

    private void CountLoad(ulong difference)
    {
        if (difference == 0)
        {
            Add(TlbClass.LoadedAsStored);
        }

        if ((difference & (ulong)EntryBit.Accessed) != 0)
        {
            Add(TlbClass.LoadedAccessed);
        }

        if ((difference & (ulong)EntryBit.Dirty) != 0)
        {
            Add(TlbClass.LoadedDirty);
        }
    }

    private void CountAccess(
        TlbState before, in TlbCommand command, in TlbAnswer answer, IReadOnlyList<PermittedEnd> matches)
    {
        var outcome = answer.Outcome;
        Add(OfOutcome(command.Access.Kind, outcome));
        var cpu = before.Cpus[command.Cpu.Value];
        if (outcome.Kind is not (OutcomeKind.Translated or OutcomeKind.PageFault))
        {
            return;
        }

        // What a known deviation explains counts as what it stands for.
        Add(_stale.OfAccess(before, command, answer with { Outcome = matches[0].Outcome }, matches));
        if (outcome.Kind == OutcomeKind.PageFault)
        {
            return;
        }

        var now = StepSpec.PathNow(before, cpu, command.Access.Address);
        bool isStale = matches.All(each => each.Path != now);
        Add(TlbClass.StaleTranslation, isStale);
        Add(TlbClass.GlobalOfAnotherPcid, matches.All(each => each.Pcid != cpu.Pcid));
        Add(TlbClass.WriteWithoutMark, PermissionSpec.IsWrite(command.Access.Kind)
            && matches.All(each => each.Marks == default));
    }

    private static TlbClass OfOutcome(AccessKind kind, in TranslationOutcome outcome) => outcome.Kind switch
    {
        OutcomeKind.Translated => kind switch
        {
            AccessKind.Read => TlbClass.ReadTranslated,
            AccessKind.Write => TlbClass.WriteTranslated,
            AccessKind.Fetch => TlbClass.FetchTranslated,
            _ => TlbClass.ShadowStackTranslated,
        },
        OutcomeKind.PageFault => (outcome.Code & (PageFaultCode.Present | PageFaultCode.Reserved)) switch
        {
            PageFaultCode.None => TlbClass.NotPresentFault,
            PageFaultCode.Present => TlbClass.RightsFault,
            _ => TlbClass.ReservedFault,
        },
        OutcomeKind.OutsideMemory => TlbClass.OutsideMemory,
        _ => TlbClass.NotCanonical,
    };

    private static TlbClass OfInstruction(in TlbCommand command, bool refused) => command.Kind switch
    {
        TlbCommandKind.InvalidatePage => TlbClass.PageInvalidated,
        TlbCommandKind.InvalidatePcid => refused ? TlbClass.InvpcidRefused : command.Type switch
        {
            InvpcidType.IndividualAddress => TlbClass.AddressOfPcidInvalidated,
            InvpcidType.SingleContext => TlbClass.PcidInvalidated,
            InvpcidType.AllIncludingGlobal => TlbClass.EverythingInvalidated,
            _ => TlbClass.AllButGlobalInvalidated,
        },
        TlbCommandKind.MoveCr0 => refused ? TlbClass.Cr0Refused : TlbClass.Cr0Moved,
        TlbCommandKind.MoveCr3 => refused ? TlbClass.Cr3Refused
            : command.Cr3.Value >> 63 != 0 ? TlbClass.Cr3MovedKeeping : TlbClass.Cr3Moved,
        TlbCommandKind.MoveCr4 => refused ? TlbClass.Cr4Refused : TlbClass.Cr4Moved,
        _ => refused ? TlbClass.PkruRefused : TlbClass.PkruWritten,
    };

    private void Add(TlbClass each, bool when = true) => _counts[(int)each] += when ? 1 : 0;

    private void Add(TlbClass? each) => Add(each.GetValueOrDefault(), each.HasValue);
}
