using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Paging;
using PageProof.Spec.Paging;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Which sequences a machine can be asked. One that makes the accesses must never be led to a page that
/// holds its tables, by no mixture of old and new entries: so all contents that words ever have are taken
/// together.
/// </summary>
public sealed class TlbFit(TlbCapabilities capabilities)
{
    private const ulong QuadwordMask = 7;
    private const ulong OffsetMask = 0xFFF;

    /// <summary>Whether the machine can be asked the sequence.</summary>
    public bool IsWithin(in TlbSequence sequence)
    {
        var (start, commands) = sequence;
        var controls = Enumerable.Repeat(start.Control, start.Cpus).ToArray();
        foreach (var command in commands)
        {
            ref var control = ref controls[command.Cpu.Value];
            bool refused = ControlSpec.Refuses(control, command);
            if (!IsOffered(control, command) || (refused && !capabilities.Refusals))
            {
                return false;
            }

            control = refused ? control : ControlSpec.Next(control, command);
        }

        return start.Cpus <= capabilities.Cpus
            && start.Memory.Value <= capabilities.Memory.Value
            && IsOffered(start.Control)
            && (!capabilities.Translation.Accesses || IsSafe(sequence));
    }

    /// <summary>
    /// Whether CR3 can be loaded so instead of with the address of a <paramref name="table"/> alone.
    /// </summary>
    internal static bool OffersCr3(
        TlbCapabilities capabilities, in ControlState control, ulong operand, ulong table)
    {
        if (!capabilities.Translation.Accesses)
        {
            return true;
        }

        ulong added = operand & ~table;
        ulong inside = (1UL << control.MaxPhyAddr.Bits) - 1;
        return (added & inside & ~OffsetMask) == 0 && (capabilities.Refusals || (added & ~inside) == 0);
    }

    /// <summary>Whether a command may change the bit, even if only to be refused.</summary>
    internal static bool OffersChange(TlbCapabilities capabilities, Cr4 bit)
    {
        // Those can be written and are refused in long mode.
        const Cr4 Fixed = Cr4.PhysicalAddressExtension | Cr4.FiveLevelPaging;
        return (bit & ~capabilities.Cr4Changes) == 0
            && (bit & ~(capabilities.Refusals ? capabilities.Cr4 | Fixed : capabilities.Cr4)) == 0;
    }

    private bool IsOffered(in ControlState control)
    {
        var offered = capabilities.Translation;
        return (control.Cr4 & ~capabilities.Cr4 & TranslationFit.PagingBits) == 0
            && (control.Cr0 & ~offered.Cr0) == 0
            && (control.Efer & ~offered.Efer & Efer.NoExecuteEnable) == 0
            && offered.Widths.Contains(control.MaxPhyAddr)
            && offered.GigabytePages.Contains(control.HasGigabytePages)
            && offered.Vendors.Contains(control.Vendor);
    }

    private bool IsOffered(in ControlState control, in TlbCommand command) =>
        capabilities.Commands.Contains(command.Kind) && command.Kind switch
        {
            TlbCommandKind.Access => IsOffered(command.Access),
            TlbCommandKind.MoveCr0 => (command.Cr0 & ~capabilities.Translation.Cr0) == 0,
            TlbCommandKind.MoveCr4 => OffersChange(capabilities, command.Cr4 ^ control.Cr4),
            _ => true,
        };

    private bool IsOffered(in Access access)
    {
        var offered = capabilities.Translation;
        return offered.Kinds.Contains(access.Kind)
            && offered.PrivilegeLevels.Contains(access.Cpl)
            && (offered.ImplicitAccesses || !access.Implicit)
            && (offered.StackReferences || !access.StackSegment)
            && (!offered.Accesses || (access.Address.Value & QuadwordMask) == 0);
    }

    private bool IsSafe(TlbSequence sequence)
    {
        var control = sequence.Start.Control;
        int top = EntryFormat.LevelsOf(control);
        ulong last = sequence.Start.Memory.Value - 1;
        var contents = sequence.Commands.Where(command => command.Kind == TlbCommandKind.Store)
            .Select(command => command.Word).Concat(sequence.Start.Words)
            .Where(word => EntryFormat.Has(word.Entry, EntryBit.Present)).ToList();
        var listed = sequence.Start.Words.Select(word => word.Address).ToHashSet();
        var addresses = sequence.Commands.Where(command => command.Kind == TlbCommandKind.Access)
            .Select(command => command.Access.Address).Where(each => CanonicalSpec.IsCanonical(each, top)).ToList();
        var tops = sequence.Commands
            .Where(command => command.Kind == TlbCommandKind.MoveCr3 && !ControlSpec.Refuses(control, command))
            .Select(command => command.Cr3).Append(control.Cr3).Select(EntryFormat.TopTable).ToHashSet();
        var own = tops.SelectMany(table => capabilities.OwnTopIndices, (table, index) => table.Value + 8 * (ulong)index)
            .Select(word => new PhysicalAddress(word)).ToHashSet();
        var tables = tops.Select(table => (Table: table, Level: top)).ToList();
        for (int place = 0; place < tables.Count; place++)
        {
            var (table, level) = tables[place];
            foreach (var word in contents)
            {
                if ((word.Address.Value & ~OffsetMask) != table.Value)
                {
                    continue;
                }

                var next = (EntryFormat.NextTable(word.Entry), level - 1);
                bool isLeaf = EntryFormat.IsLeaf(word.Entry, level);
                bool isReserved = EntryFormat.IsReserved(control, word.Entry, level);
                if (isLeaf && (IsGigabytePage(level) || (!isReserved && addresses.Exists(IsHarmedBy(word, level)))))
                {
                    return false;
                }

                if (!isLeaf && !isReserved && !tables.Contains(next))
                {
                    tables.Add(next);
                }
            }
        }

        return tables.TrueForAll(each => each.Table.Value <= last) && !own.Overlaps(listed)
            && !addresses.Exists(address => capabilities.OwnTopIndices.Contains(IndexOf(address, top)));

        // No memory that accesses are made to is so large.
        bool IsGigabytePage(int level) => level == 3 && control.HasGigabytePages;

        Predicate<LinearAddress> IsHarmedBy(TableWord word, int level) => address =>
        {
            var reached = EntryFormat.InPage(word.Entry, address, level);
            bool isOnWay = IndexOf(address, level) == (int)(word.Address.Value & OffsetMask) / 8;
            return isOnWay && (reached.Value > last || listed.Contains(reached) || own.Contains(reached));
        };
    }

    private static int IndexOf(LinearAddress address, int level) =>
        (int)(address.Value >> EntryFormat.OffsetBits(level) & 0x1FF);
}
