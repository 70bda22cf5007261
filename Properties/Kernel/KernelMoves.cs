using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>What an mremap that succeeded has done.</summary>
internal static class KernelMoves
{
    public static void Circumstances(
        KernelState before,
        in KernelCommand command,
        in KernelAnswer answer,
        KernelState after,
        List<KernelCircumstance> found)
    {
        var (process, left) = (before.Processes[command.Process.Value]!, after.Processes[command.Process.Value]!);
        ulong from = command.Address.Value + (command.FromLast ? process.LastMapped : 0);
        ulong old = AddressSpaceSpec.PageAlign(command.Length.Value), place = answer.Value;
        ulong length = AddressSpaceSpec.PageAlign(command.NewLength.Value);
        bool moved = place != from || old == 0, leaves = command.Remap.HasFlag(MremapFlags.DontUnmap);
        found.Add(old == 0 ? KernelCircumstance.Doubled
            : moved ? leaves ? KernelCircumstance.LeftMapped : KernelCircumstance.Moved
            : length > old ? KernelCircumstance.Grown
            : process.Areas.SequenceEqual(left.Areas) ? KernelCircumstance.Nothing : KernelCircumstance.Shorter);
        if (!moved)
        {
            return;
        }

        bool chosen = !command.Remap.HasFlag(MremapFlags.Fixed);
        if (chosen)
        {
            found.Add(KernelCircumstance.Chosen);
        }
        else if (!AddressSpaceSpec.IsFree(process, place, place + length))
        {
            found.Add(KernelCircumstance.Replaced);
        }

        if (AddressSpaceSpec.AreaAt(left, place) is { } area && (area.Start < place || area.End > place + length))
        {
            found.Add(KernelCircumstance.Merged);
        }
    }
}
