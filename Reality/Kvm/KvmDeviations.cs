using PageProof.Contract.Paging;

namespace PageProof.Reality.Kvm;

/// <summary>In what the paging of a kernel without hardware virtualisation is known to differ.</summary>
internal static class KvmDeviations
{
    public static IReadOnlyList<Deviation> OfSoftware { get; } = [];
}
