using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Spec.Paging;

/// <summary>
/// Whether the rights of a page permit an access, and how an access that they forbid is reported.
/// Source: Intel SDM vol. 3A, 4.6 and 4.7.
/// </summary>
public static class PermissionSpec
{
    /// <summary>
    /// Whether an access is made in user mode: at CPL 3, unless the processor makes it by itself.
    /// Source: Intel SDM vol. 3A, 4.6.
    /// </summary>
    public static bool IsUserMode(in Access access) =>
        access.Cpl == PrivilegeLevel.Ring3 && !access.Implicit;

    /// <summary>Whether an access is a write, to a shadow stack or elsewhere.</summary>
    public static bool IsWrite(AccessKind kind) =>
        kind is AccessKind.Write or AccessKind.ShadowStackWrite;

    /// <summary>The rights of a page, from what was gathered on the way and its leaf.</summary>
    [Lifted("paging.spec.rightsOf")]
    public static PageRights RightsOf(
        in ControlState control, bool writableAbove, bool user, bool execute, PagingEntry leaf)
    {
        bool writable = EntryFormat.Has(leaf, EntryBit.Writable);

        // 4.6.1: with CR4.CET, R/W = 0 and D = 1 in the leaf, R/W = 1 above, is a shadow stack.
        bool shadowStack = EntryFormat.Has(control, Cr4.ControlFlowEnforcement)
            && writableAbove && !writable && EntryFormat.Has(leaf, EntryBit.Dirty);
        return (writableAbove && writable ? PageRights.Write : 0)
            | (user ? PageRights.User : 0)
            | (execute ? PageRights.Execute : 0)
            | (shadowStack ? PageRights.ShadowStack : 0);
    }

    /// <summary>Whether the rights of a page permit an access, keys aside. Source: 4.6.1.</summary>
    [Lifted("paging.spec.rightsPermit")]
    public static bool Permits(in ControlState control, in Access access, PageRights rights)
    {
        bool userPage = (rights & PageRights.User) != 0;
        bool writable = (rights & PageRights.Write) != 0;
        bool executable = (rights & PageRights.Execute) != 0;
        bool userMode = IsUserMode(access);
        switch (access.Kind)
        {
            case AccessKind.Read:
                return userMode ? userPage : !userPage || MayTouchUserPages(control, access);
            case AccessKind.Write:
                // CR0.WP = 0 lets a supervisor write where R/W forbids it; user mode never.
                bool ignoresWritable = !userMode && (control.Cr0 & Cr0.WriteProtect) == 0;
                return (writable || ignoresWritable)
                    && (userMode ? userPage : !userPage || MayTouchUserPages(control, access));
            case AccessKind.Fetch:
                bool smep = EntryFormat.Has(control, Cr4.SupervisorExecutionPrevention);
                return executable && (userMode ? userPage : !userPage || !smep);
            case AccessKind.ShadowStackRead:
            case AccessKind.ShadowStackWrite:
                // Shadow-stack accesses of a mode go to shadow stacks of that mode only.
                return (rights & PageRights.ShadowStack) != 0 && userPage == userMode;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>
    /// Whether the protection key of a page permits an access. Keys bind data accesses to user-mode
    /// addresses only. Source: Intel SDM vol. 3A, 4.6.2.
    /// </summary>
    [Lifted("paging.spec.keyPermits")]
    public static bool KeyPermits(
        in ControlState control, in Access access, PageRights rights, ProtectionKey key)
    {
        bool applies = EntryFormat.Has(control, Cr4.ProtectionKeys)
            && (rights & PageRights.User) != 0 && access.Kind != AccessKind.Fetch;
        uint keyRights = control.Pkru.Value >> 2 * key.Value;
        bool accessDisable = (keyRights & 1) != 0;

        // WD binds user mode always, a supervisor only under CR0.WP.
        bool writeDisable = (keyRights & 2) != 0 && IsWrite(access.Kind)
            && (IsUserMode(access) || (control.Cr0 & Cr0.WriteProtect) != 0);
        return !applies || (!accessDisable && !writeDisable);
    }

    /// <summary>
    /// The error code of a fault: what the access was, and the <paramref name="cause"/> that the walk
    /// found. Source: Intel SDM vol. 3A, 4.7, flag by flag.
    /// </summary>
    [Lifted("paging.spec.codeOf")]
    public static PageFaultCode CodeOf(
        in ControlState control, in Access access, PageFaultCode cause)
    {
        // I/D: a fetch while CR4.SMEP = 1, or while CR4.PAE = 1 and IA32_EFER.NXE = 1.
        bool fetchIsTold = EntryFormat.Has(control, Cr4.SupervisorExecutionPrevention)
            || EntryFormat.HasExecuteDisable(control);
        bool shadowStack = access.Kind is AccessKind.ShadowStackRead or AccessKind.ShadowStackWrite;
        return cause
            | (IsWrite(access.Kind) ? PageFaultCode.Write : 0)
            | (IsUserMode(access) ? PageFaultCode.User : 0)
            | (access.Kind == AccessKind.Fetch && fetchIsTold ? PageFaultCode.Fetch : 0)
            | (shadowStack ? PageFaultCode.ShadowStack : 0);
    }

    // CR4.SMAP keeps a supervisor off user pages, unless EFLAGS.AC = 1 and the access is explicit.
    private static bool MayTouchUserPages(in ControlState control, in Access access) =>
        !EntryFormat.Has(control, Cr4.SupervisorAccessPrevention)
            || (access.AlignmentCheck && !access.Implicit);
}
