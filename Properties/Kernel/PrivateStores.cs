using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>Finds the stores of a sequence that nobody but their process can see.</summary>
internal static class PrivateStores
{
    /// <summary>
    /// The places of the stores of a process to private memory, after its last fork, so that nobody inherits
    /// them, and but for those to pages that pipes or devices have. Which they are, the Spec tells from the answers.
    /// </summary>
    public static List<int> Of(
        in KernelSequence sequence, ReadOnlySpan<KernelAnswer> answers, KernelCapabilities kernel, byte actor)
    {
        List<int> places = [];
        var state = KernelSpec.Begin(sequence.Start, kernel);
        for (int place = 0; place < sequence.Commands.Length; place++)
        {
            var command = sequence.Commands[place];
            if (command.Process.Value == actor && command.Kind == KernelCommandKind.Store
                && IsPrivate(state, command))
            {
                places.Add(place);
            }
            else if (command.Process.Value == actor
                && command.Kind is KernelCommandKind.Fork or KernelCommandKind.VmSplice
                    or KernelCommandKind.Pin)
            {
                places.Clear();
            }

            state = KernelSpec.Next(state, command, answers[place]).State;
        }

        return places;
    }

    private static bool IsPrivate(KernelState state, in KernelCommand command)
    {
        if (state.Processes[command.Process.Value] is not { } process)
        {
            return false;
        }

        ulong first = command.Address.Value + (command.FromLast ? process.LastMapped : 0);
        ulong last = first + command.Length.Value - 1;
        return IsPrivate(process, first) && IsPrivate(process, last);
    }
    private static bool IsPrivate(ProcessState process, ulong address) =>
        AddressSpaceSpec.AreaAt(process, address) is { Shared: false }
        && process.PageAt(AddressSpaceSpec.PageStart(address)) is not { Loan: not 0 };
}
