using System.Diagnostics;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>The kernel that fills its TLB, behind its door.</summary>
public sealed class SoftwareTlbKernelMachine : ISoftwareTlbKernel
{
    private readonly SoftwareTlbKernel _kernel = new(new());

    public void Run(
        SoftwareTlbKernelStart start,
        ReadOnlySpan<SoftwareTlbKernelCommand> commands,
        Span<SoftwareTlbKernelAnswer> answers)
    {
        _kernel.Boot(start);
        for (int index = 0; index < commands.Length; index++)
        {
            answers[index] = Answer(commands[index]);
        }
    }

    public void Dispose()
    {
    }

    private SoftwareTlbKernelAnswer Answer(in SoftwareTlbKernelCommand command)
    {
        int page = command.Page.Value;
        switch (command.Kind)
        {
            case SoftwareTlbKernelCommandKind.Access:
                return _kernel.Access(page, command.Access);
            case SoftwareTlbKernelCommandKind.AccessWired:
                return _kernel.AccessWired(page, command.Access);
            case SoftwareTlbKernelCommandKind.Clean:
                bool written = _kernel.Clean(command.Process, page);
                return new(
                    written ? SoftwareTlbKernelAnswerKind.WasDirty : SoftwareTlbKernelAnswerKind.IsClean, default, 0);
            case SoftwareTlbKernelCommandKind.Map:
                _kernel.Map(command.Process, page, command.Frame.Value, command.Writable);
                break;
            case SoftwareTlbKernelCommandKind.Unmap:
                _kernel.Unmap(command.Process, page);
                break;
            case SoftwareTlbKernelCommandKind.Protect:
                _kernel.Protect(command.Process, page);
                break;
            case SoftwareTlbKernelCommandKind.Switch:
                _kernel.Switch(command.Process);
                break;
            case SoftwareTlbKernelCommandKind.Exit:
                _kernel.Exit(command.Process);
                break;
            default:
                throw new UnreachableException();
        }

        return new(SoftwareTlbKernelAnswerKind.Done, default, 0);
    }
}
