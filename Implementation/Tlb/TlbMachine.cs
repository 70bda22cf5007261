using System.Diagnostics;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// CPUs and their memory behind the door. An unlisted word is zero here instead of background: a walk
/// asks of it only whether it is present, and neither is.
/// </summary>
public sealed class TlbMachine(TlbGeometry geometry) : ITlbMachine, ITlbContents
{
    // A constant: a static field is worked out once in a process, whatever is mutated in it later.
    private const int WordCount = 1 << 17;

    private readonly ulong[] _words = new ulong[WordCount];
    private readonly Cpu[] _cpus = [new(geometry), new(geometry), new(geometry), new(geometry)];

    public TlbCapabilities Capabilities { get; } = new()
    {
        Memory = new(8UL * WordCount),
        TellsSource = true,
    };

    public void Run(TlbStart start, ReadOnlySpan<TlbCommand> commands, Span<TlbAnswer> answers)
    {
        foreach (var word in start.Words)
        {
            _words[word.Address.Value / 8] = word.Entry.Value;
        }

        for (int number = 0; number < start.Cpus; number++)
        {
            _cpus[number].Reset(start.Control);
        }

        FlatMemory memory = new(_words, start.Memory);
        for (int index = 0; index < commands.Length; index++)
        {
            answers[index] = Answer(memory, commands[index]);
        }

        foreach (var word in start.Words)
        {
            _words[word.Address.Value / 8] = 0;
        }
    }

    public IReadOnlyList<TlbEntry> EntriesOf(CpuNumber cpu) => _cpus[cpu.Value].Contents();

    public TlbStatistics StatisticsOf(CpuNumber cpu) => _cpus[cpu.Value].Statistics;

    public void Dispose()
    {
    }

    private TlbAnswer Answer(FlatMemory memory, in TlbCommand command)
    {
        Cpu cpu = _cpus[command.Cpu.Value];
        switch (command.Kind)
        {
            case TlbCommandKind.Store:
                _words[command.Word.Address.Value / 8] = command.Word.Entry.Value;
                return Done(true);
            case TlbCommandKind.Load:
                return new() { Kind = TlbAnswerKind.Word, Entry = memory.Read(command.Word.Address) };
            case TlbCommandKind.Access:
                var outcome = cpu.Access(memory, command.Access, out var source);
                return new() { Kind = TlbAnswerKind.Outcome, Outcome = outcome, Source = source };
            case TlbCommandKind.InvalidatePage:
                cpu.InvalidatePage(command.Address.Value);
                return Done(true);
            case TlbCommandKind.InvalidatePcid:
                return Done(cpu.InvalidatePcid(command.Type, command.Descriptor));
            case TlbCommandKind.MoveCr0:
                return Done(cpu.MoveCr0(command.Cr0));
            case TlbCommandKind.MoveCr3:
                return Done(cpu.MoveCr3(command.Cr3));
            case TlbCommandKind.MoveCr4:
                return Done(cpu.MoveCr4(command.Cr4));
            case TlbCommandKind.WritePkru:
                return Done(cpu.WritePkru(command.Pkru), TlbAnswerKind.InvalidOpcode);
            default:
                throw new UnreachableException();
        }
    }

    private static TlbAnswer Done(bool done, TlbAnswerKind refusal = TlbAnswerKind.GeneralProtection) =>
        new() { Kind = done ? TlbAnswerKind.Done : refusal };
}
