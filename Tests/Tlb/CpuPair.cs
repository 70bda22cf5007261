using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>
/// Two CPUs, each with a memory of its own, that are to be the same: one is asked for translations, the
/// other for loads, stores and fetches. What is stored is what was there.
/// </summary>
internal sealed class CpuPair(TlbGeometry geometry)
{
    private const int WordCount = 1 << 17;

    private readonly ulong[] _one = new ulong[WordCount];
    private readonly ulong[] _other = new ulong[WordCount];
    private readonly Cpu _translating = new(geometry);
    private readonly Cpu _loading = new(geometry);
    private TlbStart _start = new(ControlState.LongMode, 1, default, []);

    // It is told only when it changes: whatever else changes, the CPU notices itself.
    private (PrivilegeLevel Cpl, bool AlignmentCheck) _mode;

    public int Loaded { get; private set; }

    public void Begin(TlbStart start)
    {
        _start = start;
        Array.Clear(_one);
        foreach (var word in start.Words)
        {
            _one[word.Address.Value / 8] = word.Entry.Value;
        }

        _one.CopyTo(_other, 0);
        _translating.Reset(start.Control);
        _loading.Reset(start.Control);
        _mode = (PrivilegeLevel.Ring0, false);
    }

    /// <summary>How the two differ, or null.</summary>
    public string? Do(in TlbCommand command)
    {
        switch (command.Kind)
        {
            case TlbCommandKind.Store:
                _one[command.Word.Address.Value / 8] = command.Word.Entry.Value;
                _other[command.Word.Address.Value / 8] = command.Word.Entry.Value;
                return null;
            case TlbCommandKind.Access:
                return Access(command.Access);
            default:
                Change(_translating, command);
                Change(_loading, command);
                return null;
        }
    }

    private string? Access(in Access access)
    {
        FlatMemory one = new(_one, _start.Memory), other = new(_other, _start.Memory);
        var outcome = _translating.Access(one, access, out _);
        bool plain = access is { Kind: <= AccessKind.Fetch, Implicit: false, StackSegment: false };
        if (!plain)
        {
            var same = _loading.Access(other, access, out _);
            return same == outcome ? Marks() : $"{outcome} and {same}";
        }

        bool inMemory = outcome.Kind == OutcomeKind.Translated && one.Contains(outcome.Address);
        ulong held = inMemory ? one.Read(outcome.Address).Value : 0;
        var refusal = inMemory ? default
            : outcome.Kind == OutcomeKind.Translated ? TranslationOutcome.OutsideMemory(outcome.Address)
            : outcome;
        if (_mode != (access.Cpl, access.AlignmentCheck))
        {
            _mode = (access.Cpl, access.AlignmentCheck);
            _loading.Enter(access.Cpl, access.AlignmentCheck);
        }

        ulong data = held;
        bool done = access.Kind switch
        {
            AccessKind.Read => _loading.Load(other, access.Address.Value, out data),
            AccessKind.Fetch => _loading.Fetch(other, access.Address.Value, out data),
            _ => _loading.Store(other, access.Address.Value, held),
        };
        Loaded += done ? 1 : 0;
        return done != inMemory ? $"{outcome}, and refused: {!done}"
            : !done && _loading.Refusal != refusal ? $"{refusal} and {_loading.Refusal}"
            : done && data != held ? $"0x{held:x} and 0x{data:x}"
            : _loading.Statistics != _translating.Statistics ? "they count otherwise"
            : Marks();
    }

    private string? Marks()
    {
        var differing = _start.Words.FirstOrDefault(
            word => _one[word.Address.Value / 8] != _other[word.Address.Value / 8]);
        return differing == default ? null : $"the word at {differing.Address} has other marks";
    }

    private static void Change(Cpu cpu, in TlbCommand command)
    {
        switch (command.Kind)
        {
            case TlbCommandKind.InvalidatePage:
                cpu.InvalidatePage(command.Address.Value);
                break;
            case TlbCommandKind.InvalidatePcid:
                cpu.InvalidatePcid(command.Type, command.Descriptor);
                break;
            case TlbCommandKind.MoveCr0:
                cpu.MoveCr0(command.Cr0);
                break;
            case TlbCommandKind.MoveCr3:
                cpu.MoveCr3(command.Cr3);
                break;
            case TlbCommandKind.MoveCr4:
                cpu.MoveCr4(command.Cr4);
                break;
            case TlbCommandKind.WritePkru:
                cpu.WritePkru(command.Pkru);
                break;
        }
    }
}
