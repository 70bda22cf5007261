using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// Which classes a system can reach at all. Each of the others has its reason; a run that reaches one
/// of them refutes the reason.
/// </summary>
public static class PossibleClasses
{
    /// <summary>How many times likelier an average class is than the rarest: measured, and a margin.</summary>
    public const int Spread = 40;

    /// <summary>Why no case of the class exists, or null when there is one.</summary>
    public static string? WhyNot(TranslationClass each, TranslatorCapabilities capabilities) =>
        NotOffered(each, capabilities) ?? each.Outcome switch
        {
            OutcomeKind.Translated => each.Level > 3 ? "no entry above the PDPT maps a page" : null,
            OutcomeKind.GeneralProtection => null,
            OutcomeKind.StackFault => each.Kind is AccessKind.Read or AccessKind.Write
                ? capabilities.StackReferences ? null : "the system makes no reference through SS"
                : "only reads and writes go through SS",
            OutcomeKind.PageFault => AccessFlags(each, capabilities) ?? Cause(each, capabilities),
            _ => "not an end",
        };

    private static string? NotOffered(TranslationClass each, TranslatorCapabilities capabilities)
    {
        if (each.Levels == 5 && !capabilities.Cr4.HasFlag(Cr4.FiveLevelPaging))
        {
            return "the system has no LA57";
        }

        if (!capabilities.PrivilegeLevels.Contains(each.Cpl))
        {
            return "the system does not run at this CPL";
        }

        if (!capabilities.Kinds.Contains(each.Kind))
        {
            return "the system makes no such access";
        }

        bool gigabyte = each.Level == 3
            && (each.Outcome == OutcomeKind.Translated || IsDenial(each));
        return gigabyte && !capabilities.GigabytePages.Contains(true)
            ? "the system has no 1-GiB pages"
            : null;
    }

    // The flags that the access itself determines.
    private static string? AccessFlags(TranslationClass each, TranslatorCapabilities capabilities)
    {
        if (Has(each, PageFaultCode.Write) != PermissionSpec.IsWrite(each.Kind))
        {
            return "W/R tells whether the access was a write";
        }

        bool shadowStack = each.Kind is AccessKind.ShadowStackRead or AccessKind.ShadowStackWrite;
        if (Has(each, PageFaultCode.ShadowStack) != shadowStack)
        {
            return "SS tells whether the access was to a shadow stack";
        }

        bool user = Has(each, PageFaultCode.User);
        if (user && each.Cpl != PrivilegeLevel.Ring3)
        {
            return "below CPL 3 no access is made in user mode";
        }

        bool data = each.Kind is AccessKind.Read or AccessKind.Write;
        if (!user && each.Cpl == PrivilegeLevel.Ring3 && !(data && capabilities.ImplicitAccesses))
        {
            return "at CPL 3 only an implicit access is a supervisor's";
        }

        if (!Has(each, PageFaultCode.Fetch))
        {
            return null;
        }

        return each.Kind != AccessKind.Fetch ? "I/D tells of a fetch"
            : HasNoExecute(capabilities) || HasSmep(capabilities) ? null
            : "the system tells of no fetch";
    }

    // The flags by which the walk tells what it found.
    private static string? Cause(TranslationClass each, TranslatorCapabilities capabilities)
    {
        bool reserved = Has(each, PageFaultCode.Reserved);
        bool key = Has(each, PageFaultCode.ProtectionKey);
        if (!Has(each, PageFaultCode.Present))
        {
            return reserved || key ? "without P no other cause is told" : null;
        }

        if (reserved)
        {
            return key ? "a reserved bit is found before the key counts" : NoReserved(each, capabilities);
        }

        if (each.Level > 3)
        {
            return "rights are judged at the leaf";
        }

        if (key)
        {
            return each.Kind == AccessKind.Fetch ? "a key does not bind a fetch"
                : capabilities.Cr4.HasFlag(Cr4.ProtectionKeys) ? null
                : "the system has no protection keys";
        }

        bool supervisor = !Has(each, PageFaultCode.User);
        return each.Kind switch
        {
            AccessKind.Fetch when supervisor && !Has(each, PageFaultCode.Fetch) =>
                "a supervisor's fetch is denied by XD or SMEP only, and then told as a fetch",
            AccessKind.Read when supervisor && !capabilities.Cr4.HasFlag(Cr4.SupervisorAccessPrevention) =>
                "a supervisor's read is denied by SMAP only",
            AccessKind.Write when supervisor && !capabilities.Cr4.HasFlag(Cr4.SupervisorAccessPrevention)
                && !capabilities.Cr0.HasFlag(Cr0.WriteProtect) =>
                "a supervisor's write is denied by SMAP or CR0.WP only",
            _ => null,
        };
    }

    private static string? NoReserved(TranslationClass each, TranslatorCapabilities capabilities) =>
        each.Level == 1 && !capabilities.Widths.Any(width => width.Bits < PhysicalAddressWidth.Most)
            && Has(each, PageFaultCode.Fetch) && !HasSmep(capabilities)
            ? "with all address bits and XD in use a PTE has no reserved bit"
            : null;

    private static bool IsDenial(TranslationClass each) =>
        each.Outcome == OutcomeKind.PageFault && Has(each, PageFaultCode.Present)
        && !Has(each, PageFaultCode.Reserved);

    private static bool Has(TranslationClass each, PageFaultCode flag) => (each.Code & flag) != 0;

    private static bool HasNoExecute(TranslatorCapabilities capabilities) =>
        capabilities.Efer.HasFlag(Efer.NoExecuteEnable);

    private static bool HasSmep(TranslatorCapabilities capabilities) =>
        capabilities.Cr4.HasFlag(Cr4.SupervisorExecutionPrevention);
}
