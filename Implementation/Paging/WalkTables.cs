using PageProof.Contract.Paging;

namespace PageProof.Implementation.Paging;

/// <summary>
/// What a control state makes of the walk, worked out once: permission rows, and for each kind of
/// entry the mask under which a usable one reads exactly P. So presence and reserved bits are one test.
/// </summary>
internal struct WalkTables
{
    public AccessRows Rows;
    public ulong TopTable;
    public ulong UpperMask;
    public ulong PointerMask;
    public ulong GigabytePageMask;
    public ulong DirectoryMask;
    public ulong LargePageMask;
    public ulong SmallPageMask;
    public ulong Pat;
    public uint Pkru;
    public int KeyShiftMask;
    public ulong ShadowStackMask;
    public ulong GlobalMask;

    public WalkTables(in ControlState control)
    {
        Rows.Fill(control);
        TopTable = control.Cr3.Value & EntryBits.Frame;

        ulong always = EntryBits.Present
            | (EntryBits.Frame & ulong.MaxValue << control.MaxPhyAddr.Bits)
            | ((control.Efer & Efer.NoExecuteEnable) != 0 ? 0 : EntryBits.ExecuteDisable);
        SmallPageMask = always;
        DirectoryMask = always;
        PointerMask = always;
        LargePageMask = always | BitsBetween(EntryBits.LargePatShift + 1, 20);
        GigabytePageMask = always | BitsBetween(EntryBits.LargePatShift + 1, 29)
            | (control.HasGigabytePages ? 0 : EntryBits.PageSize);
        UpperMask = always | EntryBits.PageSize | (control.Vendor == Vendor.Amd ? EntryBits.Global : 0);

        Pat = control.Pat.Value;
        Pkru = control.Pkru.Value;
        KeyShiftMask = (control.Cr4 & Cr4.ProtectionKeys) != 0 ? 2 * 15 : 0;
        ShadowStackMask = (control.Cr4 & Cr4.ControlFlowEnforcement) != 0 ? 1UL : 0;
        GlobalMask = (control.Cr4 & Cr4.PageGlobalEnable) != 0 ? EntryBits.Global : 0;
    }

    private static ulong BitsBetween(int low, int high) => (2UL << high) - (1UL << low);
}
