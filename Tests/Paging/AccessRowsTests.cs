using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Tests.Paging;

/// <summary>The number of a row tells of which accesses it is.</summary>
[InLane("paging")]
[InLane("tlb")]
public sealed class AccessRowsTests
{
    public static MatrixTheoryData<AccessKind, PrivilegeLevel, bool> All { get; } =
        new(Enum.GetValues<AccessKind>(), [PrivilegeLevel.Ring0, PrivilegeLevel.Ring3], [false, true]);

    [Theory]
    [MemberData(nameof(All))]
    public void A_row_tells_kind_mode_and_standing_towards_SMAP(
        AccessKind kind, PrivilegeLevel cpl, bool alignmentCheck)
    {
        int row = AccessRows.IndexOf(new(default, kind, cpl, alignmentCheck));
        Assert.Equal(
            (kind, cpl == PrivilegeLevel.Ring3, alignmentCheck),
            (AccessRows.KindOf(row), AccessRows.IsUser(row), AccessRows.OverridesSmap(row)));
    }
}
