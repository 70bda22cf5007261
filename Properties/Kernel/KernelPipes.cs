using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>What a call on a pipe that succeeded has done.</summary>
internal static class KernelPipes
{
    public static void Circumstances(
        KernelState before,
        in KernelCommand command,
        in KernelAnswer answer,
        KernelState after,
        List<KernelCircumstance> found)
    {
        bool isShort = answer.Length < command.Length.Value;
        var (had, has) = (before.Pipes[command.Pipe.Value].Buffers, after.Pipes[command.Pipe.Value].Buffers);
        switch (command.Kind)
        {
            case var _ when answer.Length == 0:
                found.Add(KernelCircumstance.Nothing);
                break;
            case KernelCommandKind.PipeWrite:
                found.Add(isShort ? KernelCircumstance.Short : KernelCircumstance.None);
                if (had is [.., var last] && has[had.Length - 1] != last)
                {
                    found.Add(KernelCircumstance.Appended);
                }

                break;
            case KernelCommandKind.PipeRead:
                found.Add(isShort ? KernelCircumstance.Short : KernelCircumstance.None);
                var first = had[0].Page;
                if (first is not PageSource.Kept)
                {
                    found.Add(first is PageSource.OfObject
                        ? KernelCircumstance.SharedFile
                        : KernelCircumstance.PrivateAnonymous);
                }

                break;
            case KernelCommandKind.Splice:
                found.Add(isShort ? KernelCircumstance.Short : KernelCircumstance.None);
                break;
            default:
                OfProcess(before, command, isShort, found);
                break;
        }
    }

    private static void OfProcess(
        KernelState before, in KernelCommand command, bool isShort, List<KernelCircumstance> found)
    {
        var process = before.Processes[command.Process.Value]!;
        ulong address = command.Address.Value + (command.FromLast ? process.LastMapped : 0);
        Area area = AddressSpaceSpec.AreaAt(process, address)!.Value;
        found.Add(KernelClassifier.BackingOf(area, before.Files));
        if (!area.Shared && process.PageAt(AddressSpaceSpec.PageStart(address)) is { States: PageStates.Common })
        {
            found.Add(KernelCircumstance.AfterFork);
        }

        if (isShort)
        {
            found.Add(KernelCircumstance.Short);
        }
    }
}
