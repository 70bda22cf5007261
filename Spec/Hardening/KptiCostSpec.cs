using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Spec.Hardening;

/// <summary>
/// What going from one table to another may cost. Source: Linux, Documentation/arch/x86/pti.rst, "Overhead",
/// and the comments on PCIDs in arch/x86/mm/tlb.c.
/// </summary>
public static class KptiCostSpec
{
    /// <summary>
    /// Entry, exit and switch write CR3 once and copy nothing. With PCIDs an entry flushes nothing, nor does an
    /// exit or a switch before which nothing was edited, as long as the CPU has an ASID for each process that
    /// it knows.
    /// </summary>
    public static string? Refusal(KptiState before, KptiCommand command, KptiCost cost)
    {
        var cpu = before.Cpus[command.Cpu.Value];
        bool isSwitch = command.Kind is KptiCommandKind.Enter or KptiCommandKind.Exit or KptiCommandKind.Schedule;
        if (!isSwitch)
        {
            return null;
        }

        bool isFree = command.Kind switch
        {
            KptiCommandKind.Enter => true,
            KptiCommandKind.Exit => cpu.ExitIsFree,
            _ => cpu.Known.Length <= before.Start.Asids
                && cpu.Fresh.Contains(before.Processes[command.Process.Value]!.Serial),
        };
        bool hasPcids = EntryFormat.Has(before.Start.Control, Cr4.ProcessContextIdentifiers);
        return cost.Cr3Writes != 1 || cost.EntriesCopied != 0 ? $"a switch is one write of CR3, and this is {cost}"
            : hasPcids && isFree && cost.PcidFlushes != 0 ? $"this switch owes no flush, and has {cost}"
            : null;
    }
}
