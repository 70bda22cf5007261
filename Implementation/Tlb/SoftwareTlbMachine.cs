using System.Diagnostics;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>A software-filled TLB behind its door.</summary>
public sealed class SoftwareTlbMachine : ISoftwareTlb
{
    private readonly SoftwareTlb _tlb = new();

    public void Run(int entries, ReadOnlySpan<SoftwareTlbCommand> commands, Span<SoftwareTlbAnswer> answers)
    {
        _tlb.Reset(entries);
        for (int index = 0; index < commands.Length; index++)
        {
            answers[index] = _tlb.Refusal ?? Answer(commands[index]);
        }
    }

    public void Dispose()
    {
    }

    private SoftwareTlbAnswer Answer(in SoftwareTlbCommand command) => command.Kind switch
    {
        SoftwareTlbCommandKind.WriteRegister => _tlb.Write(command.Register, command.Operand.Value),
        SoftwareTlbCommandKind.ReadRegister => _tlb.Read(command.Register),
        SoftwareTlbCommandKind.Probe => _tlb.Probe(),
        SoftwareTlbCommandKind.ReadEntry => _tlb.ReadEntry(),
        SoftwareTlbCommandKind.WriteIndexed => _tlb.WriteIndexed(),
        SoftwareTlbCommandKind.WriteRandom => _tlb.WriteRandom(),
        SoftwareTlbCommandKind.WriteProbed => _tlb.WriteProbed(),
        SoftwareTlbCommandKind.Access => _tlb.Access(command.Address.Value, command.Access, command.Mode),
        SoftwareTlbCommandKind.ReturnFromException => _tlb.ReturnFromException(),
        _ => throw new UnreachableException(),
    };
}
