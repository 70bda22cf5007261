using PageProof.Contract.Paging;

namespace PageProof.Reality.Kvm;

/// <summary>
/// What is behind /dev/kvm: a processor with virtualisation of its own, whose properties are what
/// they are, or a kernel without it, which walks the tables itself and takes the processor's
/// properties from CPUID.
/// </summary>
internal sealed class KvmBackend
{
    private const string Modules = "/sys/module";
    private const string Software = "kvm_pvm";

    private KvmBackend(string module) => Module = module;

    /// <summary>The kernel module that answers, or the words for one that is not known.</summary>
    public string Module { get; }

    /// <summary>Whether the kernel walks the tables.</summary>
    public bool IsSoftware => Module == Software;

    /// <summary>
    /// The known ways in which this back end differs: none of those that are not known.
    /// </summary>
    public IReadOnlyList<Deviation> Deviations => IsSoftware ? KvmDeviations.OfSoftware : [];

    /// <summary>The slots of the top table in which CPL 3 sees the host: see the deviations.</summary>
    public IReadOnlyList<int> OwnTopIndices => IsSoftware ? [KvmDeviations.OwnSlot] : [];

    /// <summary>
    /// The bits of CR4 that sequences may set: neither those of another paging mode, nor PCIDs, of which the
    /// guest's own pages would need one; nor, where the kernel fetches for CPL 0, SMAP, which it holds against
    /// the second instruction that is fetched from a page of the user.
    /// </summary>
    public Cr4 Cr4OfSequences(Cpuid cpuid) => cpuid.Cr4
        & ~(Cr4.FiveLevelPaging | Cr4.ProcessContextIdentifiers)
        & ~(IsSoftware ? Cr4.SupervisorAccessPrevention : Cr4.None);

    public static KvmBackend Find()
    {
        string[] known = [Software, "kvm_intel", "kvm_amd"];
        bool IsLoaded(string module) => Directory.Exists(Path.Combine(Modules, module));
        return new(known.FirstOrDefault(IsLoaded) ?? "an unknown kind of KVM");
    }

    /// <summary>The processor that guests get, out of the one that KVM offers.</summary>
    public Cpuid Processor(Cpuid offered) =>
        IsSoftware ? offered.WithSupervisorPrevention(smep: true, smap: true) : offered;

    public IReadOnlyList<PhysicalAddressWidth> Widths(Cpuid cpuid) => IsSoftware
        ? new TranslatorCapabilities { Memory = default }.Widths
        : [new(cpuid.Width)];

    /// <summary>The kernel's own walk knows no 1-GiB pages, whatever CPUID says.</summary>
    public IReadOnlyList<bool> GigabytePages(Cpuid cpuid) =>
        [!IsSoftware && cpuid.HasGigabytePages];

    public IReadOnlyList<Vendor> Vendors(Cpuid cpuid) => IsSoftware
        ? [Vendor.Intel, Vendor.Amd]
        : [cpuid.Vendor == Cpuid.Name(Vendor.Intel) ? Vendor.Intel : Vendor.Amd];
}
