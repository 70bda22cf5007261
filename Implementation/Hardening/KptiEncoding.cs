using PageProof.Contract;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Hardening;

/// <summary>
/// The words of page-table isolation: top tables come in pairs of 8 KiB and PCIDs in pairs, so that going
/// from one side to the other is to set or clear one bit of each, without any load.
/// </summary>
public static class KptiEncoding
{
    public const ulong UserTableBit = 1UL << 12;
    public const ulong UserPcidBit = 1UL << 11;
    public const ulong KeepBit = 1UL << 63;

    /// <summary>The largest ASID of which both PCIDs fit.</summary>
    public const ulong AsidMost = UserPcidBit - 2;

    [Lifted("hardening.kernelPcid")]
    public static ulong KernelPcid(ulong asid) => asid + 1;

    [Lifted("hardening.userPcid")]
    public static ulong UserPcid(ulong asid) => asid + 1 | UserPcidBit;

    [Lifted("hardening.userTop")]
    public static ulong UserTop(ulong kernelTop) => kernelTop | UserTableBit;

    [Lifted("hardening.kernelTop")]
    public static ulong KernelTop(ulong userTop) => userTop & ~UserTableBit;

    /// <summary>The operand of MOV to CR3 for a top table and a PCID; with bit 63 nothing is invalidated.</summary>
    [Lifted("hardening.operand")]
    public static ulong Operand(ulong top, ulong pcid, bool keeps) => top | pcid | (keeps ? KeepBit : 0);

    /// <summary>CR3 of the kernel, from CR3 of the user.</summary>
    [Lifted("hardening.entered")]
    public static ulong Entered(ulong user) => user & ~(UserTableBit | UserPcidBit);

    /// <summary>An entry of the user's top table, as it stands in the kernel's.</summary>
    [Lifted("hardening.kernelCopy")]
    public static ulong KernelCopy(ulong entry) => entry | (entry & EntryBits.Present) << 63;
}
