using System.Runtime.CompilerServices;
using PageProof.Contract.Paging;

namespace PageProof.Implementation.Paging;

/// <summary>
/// All permission rules of one control state as a table: a row for each kind of access, mode and
/// standing towards SMAP. A walk looks its row up once; the rights of the page then index one bit.
/// <code>
///  31     24 23    18 17 16 15                 0
/// +---------+--------+-----+--------------------+
/// | code    |        | key | permitted rights   |
/// +---------+--------+-----+--------------------+
/// </code>
/// Bit r of the low half: an access to a page with rights r is permitted. Key: which of AD and WD
/// forbid the access. Code: the flags of an error code that the access itself determines.
/// </summary>
[InlineArray(Count)]
internal struct AccessRows
{
    private const int Count = 32;
    private const int UserShift = 3;
    private const int OverridesSmapShift = 4;

    // For each right, the bits of a row whose index has that right.
    private const uint Writable = 0xAAAA;
    private const uint User = 0xCCCC;
    private const uint Executable = 0xF0F0;
    private const uint ShadowStack = 0xFF00;
    private const uint Any = 0xFFFF;

    private const int KeyShift = 16;
    private const int CodeShift = 24;

    private uint _first;

    /// <summary>The row of an access: its kind, its mode, and whether SMAP lets it through.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf(in Access access)
    {
        int explicitly = access.Implicit ? 0 : 1;
        int user = access.Cpl == PrivilegeLevel.Ring3 ? explicitly : 0;
        int overrides = access.AlignmentCheck ? explicitly : 0;
        return (int)access.Kind | user << UserShift | overrides << OverridesSmapShift;
    }

    public static bool Permits(uint row, uint rights) => (row >> (int)rights & 1) != 0;

    public static uint KeyBits(uint row) => row >> KeyShift & 3;

    public static PageFaultCode Code(uint row) => (PageFaultCode)(row >> CodeShift);

    /// <summary>D where the access is a write, else nothing: bit 1 of the code is W/R.</summary>
    public static ulong DirtyBit(uint row) => row >> CodeShift - EntryBits.DirtyShift + 1 & EntryBits.Dirty;

    public void Fill(in ControlState control)
    {
        bool writeProtect = (control.Cr0 & Cr0.WriteProtect) != 0;
        bool smep = (control.Cr4 & Cr4.SupervisorExecutionPrevention) != 0;
        bool smap = (control.Cr4 & Cr4.SupervisorAccessPrevention) != 0;
        bool keys = (control.Cr4 & Cr4.ProtectionKeys) != 0;
        bool fetchIsTold = smep || (control.Efer & Efer.NoExecuteEnable) != 0;

        uint accessDisable = keys ? 1u : 0;
        uint userWriteKeys = keys ? 3u : 0;
        uint supervisorWriteKeys = keys && writeProtect ? 3u : accessDisable;
        uint supervisorWrites = writeProtect ? Writable : Any;
        uint supervisorFetches = smep ? ~User & Executable : Executable;
        var fetchCode = fetchIsTold ? PageFaultCode.Fetch : PageFaultCode.None;
        for (int overrides = 0; overrides <= 1; overrides++)
        {
            uint supervisorData = smap && overrides == 0 ? ~User & Any : Any;
            int at = overrides << OverridesSmapShift;
            Set(at, AccessKind.Read, supervisorData, accessDisable, PageFaultCode.None);
            Set(at, AccessKind.Write, supervisorData & supervisorWrites, supervisorWriteKeys, PageFaultCode.Write);
            Set(at, AccessKind.Fetch, supervisorFetches, 0, fetchCode);
            Set(at, AccessKind.ShadowStackRead, ~User & ShadowStack, accessDisable, PageFaultCode.ShadowStack);
            Set(at, AccessKind.ShadowStackWrite, ~User & ShadowStack, supervisorWriteKeys,
                PageFaultCode.ShadowStack | PageFaultCode.Write);

            at |= 1 << UserShift;
            Set(at, AccessKind.Read, User, accessDisable, PageFaultCode.User);
            Set(at, AccessKind.Write, User & Writable, userWriteKeys, PageFaultCode.User | PageFaultCode.Write);
            Set(at, AccessKind.Fetch, User & Executable, 0, PageFaultCode.User | fetchCode);
            Set(at, AccessKind.ShadowStackRead, User & ShadowStack, accessDisable,
                PageFaultCode.User | PageFaultCode.ShadowStack);
            Set(at, AccessKind.ShadowStackWrite, User & ShadowStack, userWriteKeys,
                PageFaultCode.User | PageFaultCode.ShadowStack | PageFaultCode.Write);
        }
    }

    private void Set(int at, AccessKind kind, uint permitted, uint keyBits, PageFaultCode code) =>
        this[at | (int)kind] = permitted | keyBits << KeyShift | (uint)code << CodeShift;
}
