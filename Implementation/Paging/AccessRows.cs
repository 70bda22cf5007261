using System.Runtime.CompilerServices;
using PageProof.Contract.Paging;

namespace PageProof.Implementation.Paging;

/// <summary>
/// What one kind of access, in one mode, wants of the entries of a walk: bits that their AND must have
/// set or clear, and bits that none may have set. All are compared at once.
/// </summary>
internal struct AccessRow
{
    /// <summary>The bits of the AND of all entries that are compared with <see cref="Wanted"/>.</summary>
    public ulong Judged;

    /// <summary>How the judged bits must be.</summary>
    public ulong Wanted;

    /// <summary>The bits that no entry may have.</summary>
    public ulong Barred;

    /// <summary>D if the access writes.</summary>
    public ulong DirtyBit;

    /// <summary>Which of AD (bit 0) and WD (bit 1) bar the access from a user page.</summary>
    public uint KeyBits;

    /// <summary>1 if the page must have the form of a shadow stack.</summary>
    public uint ShadowStack;

    /// <summary>The flags of an error code that the access itself determines.</summary>
    public PageFaultCode Code;
}

/// <summary>
/// All permission rules of one control state as a table: a row for each kind of access, mode and
/// standing towards SMAP. A walk looks its row up once, and is judged by one comparison.
/// </summary>
[InlineArray(Count)]
internal struct AccessRows
{
    /// <summary>How many numbers of rows there are; some have no row.</summary>
    public const int Count = 32;

    private const int UserShift = 3;
    private const int OverridesSmapShift = 4;
    private const uint AccessDisable = 1;
    private const uint WriteDisable = 2;

    private AccessRow _first;

    /// <summary>The row of an access: its kind, its mode, and whether SMAP lets it through.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf(in Access access)
    {
        int explicitly = access.Implicit ? 0 : 1;
        int user = access.Cpl == PrivilegeLevel.Ring3 ? explicitly : 0;
        int overrides = access.AlignmentCheck ? explicitly : 0;
        return (int)access.Kind | user << UserShift | overrides << OverridesSmapShift;
    }

    /// <summary>The kind of access of a row.</summary>
    public static AccessKind KindOf(int index) => (AccessKind)(index & 7);

    /// <summary>Whether the accesses of a row are made in user mode.</summary>
    public static bool IsUser(int index) => (index & 1 << UserShift) != 0;

    /// <summary>Whether SMAP lets the accesses of a row through.</summary>
    public static bool OverridesSmap(int index) => (index & 1 << OverridesSmapShift) != 0;

    public void Fill(in ControlState control)
    {
        for (int index = 0; index < Count; index++)
        {
            var kind = (AccessKind)(index & 7);
            if (kind <= AccessKind.ShadowStackWrite)
            {
                bool user = (index & 1 << UserShift) != 0;
                bool overridesSmap = (index & 1 << OverridesSmapShift) != 0;
                this[index] = Row(control, kind, user, overridesSmap);
            }
        }
    }

    private static AccessRow Row(in ControlState control, AccessKind kind, bool user, bool overridesSmap)
    {
        bool write = kind is AccessKind.Write or AccessKind.ShadowStackWrite;
        bool fetch = kind == AccessKind.Fetch;
        bool shadowStack = kind >= AccessKind.ShadowStackRead;
        bool needsWritable = kind == AccessKind.Write && (user || Has(control, Cr0.WriteProtect));
        bool keepsOffUserPages = fetch
            ? Has(control, Cr4.SupervisorExecutionPrevention)
            : shadowStack || (Has(control, Cr4.SupervisorAccessPrevention) && !overridesSmap);
        bool cannotBe = shadowStack && !Has(control, Cr4.ControlFlowEnforcement);
        return new()
        {
            // P is set in every entry that was walked, so wanting it clear permits nothing.
            Judged = Bits(EntryBits.User, user || keepsOffUserPages)
                | Bits(EntryBits.Writable, needsWritable || shadowStack)
                | Bits(EntryBits.Present, cannotBe),
            Wanted = Bits(EntryBits.User, user) | Bits(EntryBits.Writable, needsWritable),
            Barred = Bits(EntryBits.ExecuteDisable, fetch),
            DirtyBit = Bits(EntryBits.Dirty, write),
            KeyBits = fetch || !Has(control, Cr4.ProtectionKeys) ? 0
                : write && (user || Has(control, Cr0.WriteProtect)) ? AccessDisable | WriteDisable
                : AccessDisable,
            ShadowStack = shadowStack ? 1u : 0,
            Code = CodeOf(control, kind, user, write),
        };
    }

    private static PageFaultCode CodeOf(in ControlState control, AccessKind kind, bool user, bool write)
    {
        bool fetchIsTold = Has(control, Cr4.SupervisorExecutionPrevention)
            || (control.Efer & Efer.NoExecuteEnable) != 0;
        return (write ? PageFaultCode.Write : 0)
            | (user ? PageFaultCode.User : 0)
            | (kind == AccessKind.Fetch && fetchIsTold ? PageFaultCode.Fetch : 0)
            | (kind >= AccessKind.ShadowStackRead ? PageFaultCode.ShadowStack : 0);
    }

    private static ulong Bits(ulong bits, bool when) => when ? bits : 0;

    private static bool Has(in ControlState control, Cr0 bit) => (control.Cr0 & bit) != 0;

    private static bool Has(in ControlState control, Cr4 bit) => (control.Cr4 & bit) != 0;
}
