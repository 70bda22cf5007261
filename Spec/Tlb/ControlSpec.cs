using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Paging;

namespace PageProof.Spec.Tlb;

/// <summary>
/// MOV to a control register, WRPKRU and INVPCID in long mode: when they are refused, what they leave in
/// the registers, and what they invalidate.
/// Source: Intel SDM vol. 2A, INVPCID; vol. 2B, MOV to control registers; vol. 2D, WRPKRU; vol. 3A, 4.10.1
/// and 4.10.4.1.
/// </summary>
public static class ControlSpec
{
    private const ulong KeepBit = 1UL << 63;

    /// <summary>
    /// The PCID that a value of CR3 names: bits 11:0 while CR4.PCIDE is set, else 0 (4.10.1).
    /// </summary>
    public static Pcid PcidOf(in ControlState control, Cr3 cr3) =>
        new(EntryFormat.Has(control, Cr4.ProcessContextIdentifiers) ? (ushort)(cr3.Value & Pcid.Most) : (ushort)0);

    /// <summary>Whether the command ends in a fault of its own.</summary>
    [Lifted("tlb.spec.refuses")]
    public static bool Refuses(in ControlState control, in TlbCommand command) => command.Kind switch
    {
        TlbCommandKind.InvalidatePcid => RefusesInvpcid(control, command),

        // While CR4.CET is set, WP cannot be cleared.
        TlbCommandKind.MoveCr0 => EntryFormat.Has(control, Cr4.ControlFlowEnforcement)
            && (command.Cr0 & Cr0.WriteProtect) == 0,
        TlbCommandKind.MoveCr3 => RefusesCr3(control, command.Cr3),
        TlbCommandKind.MoveCr4 => RefusesCr4(control, command.Cr4),

        // Vol. 2D, WRPKRU: there is no such instruction while CR4.PKE is clear.
        TlbCommandKind.WritePkru => !EntryFormat.Has(control, Cr4.ProtectionKeys),
        _ => false,
    };

    /// <summary>How a command ends that is refused: WRPKRU in #UD, all others in #GP(0).</summary>
    public static TlbAnswerKind RefusalOf(TlbCommandKind command) => command == TlbCommandKind.WritePkru
        ? TlbAnswerKind.InvalidOpcode
        : TlbAnswerKind.GeneralProtection;

    /// <summary>The registers after a command that is not refused.</summary>
    [Lifted("tlb.spec.next")]
    public static ControlState Next(in ControlState control, in TlbCommand command) => command.Kind switch
    {
        TlbCommandKind.MoveCr0 => control with { Cr0 = command.Cr0 },

        // 4.10.4.1: bit 63 of the operand says what to invalidate, and is never stored.
        TlbCommandKind.MoveCr3 => control with { Cr3 = new(command.Cr3.Value & ~KeepBit) },
        TlbCommandKind.MoveCr4 => control with { Cr4 = command.Cr4 },

        // 4.6.2: PKRU is read by each access, so nothing that is cached depends on it.
        TlbCommandKind.WritePkru => control with { Pkru = command.Pkru },
        _ => control,
    };

    /// <summary>What a command that is not refused invalidates, or null.</summary>
    [Lifted("tlb.spec.invalidates")]
    public static Invalidation? Invalidates(in ControlState control, in TlbCommand command)
    {
        Pcid current = PcidOf(control, control.Cr3);
        switch (command.Kind)
        {
            case TlbCommandKind.InvalidatePage:
                // Vol. 2A, INVLPG: an address that is not canonical makes it do nothing.
                bool canonical = CanonicalSpec.IsCanonical(command.Address, EntryFormat.LevelsOf(control));
                return canonical ? InvalidationSpec.OfPage(current, command.Address) : null;
            case TlbCommandKind.InvalidatePcid:
                Pcid named = new((ushort)(command.Descriptor.Low & Pcid.Most));
                return command.Type switch
                {
                    InvpcidType.IndividualAddress =>
                        InvalidationSpec.OfAddress(named, command.Descriptor.Address),
                    InvpcidType.SingleContext => InvalidationSpec.OfPcid(named),
                    InvpcidType.AllIncludingGlobal => InvalidationSpec.Everything,
                    InvpcidType.AllExceptGlobal => InvalidationSpec.AllExceptGlobal,
                    _ => throw new UnreachableException(),
                };
            case TlbCommandKind.MoveCr3:
                // The PCID of the operand, and not the one that was current.
                bool keeps = (command.Cr3.Value & KeepBit) != 0;
                return keeps ? null : InvalidationSpec.OfPcid(PcidOf(control, command.Cr3));
            case TlbCommandKind.MoveCr4:
                return ByCr4(control, command.Cr4);
            default:
                return null;
        }
    }

    private static Invalidation? ByCr4(in ControlState control, Cr4 operand)
    {
        Cr4 set = operand & ~control.Cr4, cleared = control.Cr4 & ~operand;

        // 4.10.4.1: PGE changing either way, or PCIDE being cleared, reaches global entries too.
        if (((set | cleared) & Cr4.PageGlobalEnable) != 0 || (cleared & Cr4.ProcessContextIdentifiers) != 0)
        {
            return InvalidationSpec.Everything;
        }

        // 4.10.4.1: SMEP being set reaches the current PCID.
        return (set & Cr4.SupervisorExecutionPrevention) != 0
            ? InvalidationSpec.OfPcidWithGlobal(PcidOf(control, control.Cr3))
            : null;
    }

    private static bool RefusesInvpcid(in ControlState control, in TlbCommand command)
    {
        bool unknown = command.Type > InvpcidType.AllExceptGlobal;
        bool reserved = (command.Descriptor.Low & ~(ulong)Pcid.Most) != 0;
        bool ofPcid = command.Type is InvpcidType.IndividualAddress or InvpcidType.SingleContext;
        bool withoutPcids = ofPcid && command.Descriptor.Low != 0
            && !EntryFormat.Has(control, Cr4.ProcessContextIdentifiers);
        bool notCanonical = command.Type == InvpcidType.IndividualAddress
            && !CanonicalSpec.IsCanonical(command.Descriptor.Address, EntryFormat.LevelsOf(control));
        return unknown || reserved || withoutPcids || notCanonical;
    }

    // Bits from MAXPHYADDR up are reserved, except bit 63 while CR4.PCIDE is set.
    private static bool RefusesCr3(in ControlState control, Cr3 operand)
    {
        bool hasPcids = EntryFormat.Has(control, Cr4.ProcessContextIdentifiers);
        ulong value = hasPcids ? operand.Value & ~KeepBit : operand.Value;
        return value >> control.MaxPhyAddr.Bits != 0;
    }

    private static bool RefusesCr4(in ControlState control, Cr4 operand)
    {
        Cr4 changed = control.Cr4 ^ operand, set = operand & ~control.Cr4;

        // In IA-32e mode PAE stays set and LA57 stays as it is.
        bool leavesMode = (changed & (Cr4.PhysicalAddressExtension | Cr4.FiveLevelPaging)) != 0;
        bool pcidsTooSoon = (set & Cr4.ProcessContextIdentifiers) != 0 && (control.Cr3.Value & Pcid.Most) != 0;
        bool withoutWriteProtect = (operand & Cr4.ControlFlowEnforcement) != 0
            && (control.Cr0 & Cr0.WriteProtect) == 0;
        return leavesMode || pcidsTooSoon || withoutWriteProtect;
    }
}
