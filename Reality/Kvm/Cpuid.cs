using System.Text;
using PageProof.Contract.Paging;
using static PageProof.Reality.Kvm.KvmCalls;

namespace PageProof.Reality.Kvm;

/// <summary>
/// What a processor says about itself, as far as paging goes. Source: Intel SDM vol. 2A, CPUID.
/// </summary>
internal sealed class Cpuid(CpuidEntry[] entries)
{
    private const uint VendorLeaf = 0;
    private const uint FeatureLeaf = 1;
    private const uint ExtendedLeaf = 7;
    private const uint LongModeLeaf = 0x8000_0001;
    private const uint AddressLeaf = 0x8000_0008;
    private const int Pcid = 17;
    private const int Smep = 7;
    private const int Smap = 20;
    private const int Pku = 3;
    private const int La57 = 16;
    private const int Nx = 20;
    private const int GigabytePages = 26;

    public CpuidEntry[] Entries => entries;

    public byte Width => (byte)Find(AddressLeaf).Eax;

    public string Vendor
    {
        get
        {
            var leaf = Find(VendorLeaf);
            uint[] words = [leaf.Ebx, leaf.Edx, leaf.Ecx];
            return Encoding.ASCII.GetString([.. words.SelectMany(BitConverter.GetBytes)]);
        }
    }

    public bool HasGigabytePages => Bit(Find(LongModeLeaf).Edx, GigabytePages);

    /// <summary>The bits of EFER that paging reads and that can be set.</summary>
    public Efer Efer => Bit(Find(LongModeLeaf).Edx, Nx) ? Efer.NoExecuteEnable : Efer.None;

    /// <summary>The bits of CR4 that paging reads and that can be set.</summary>
    public Cr4 Cr4 => Cr4.PageSizeExtensions | Cr4.PageGlobalEnable
        | If(Find(FeatureLeaf).Ecx, Pcid, Cr4.ProcessContextIdentifiers)
        | If(Find(ExtendedLeaf).Ebx, Smep, Cr4.SupervisorExecutionPrevention)
        | If(Find(ExtendedLeaf).Ebx, Smap, Cr4.SupervisorAccessPrevention)
        | If(Find(ExtendedLeaf).Ecx, Pku, Cr4.ProtectionKeys)
        | If(Find(ExtendedLeaf).Ecx, La57, Cr4.FiveLevelPaging);

    /// <summary>
    /// The same processor with another width, 1-GiB pages or none, and another maker.
    /// </summary>
    public Cpuid With(byte width, bool gigabytePages, Vendor vendor)
    {
        var copy = new Cpuid([.. entries]);
        copy.Find(AddressLeaf).Eax = (copy.Find(AddressLeaf).Eax & ~0xffu) | width;
        Put(ref copy.Find(LongModeLeaf).Edx, GigabytePages, gigabytePages);
        ref var name = ref copy.Find(VendorLeaf);
        var text = Encoding.ASCII.GetBytes(Name(vendor));
        name.Ebx = BitConverter.ToUInt32(text, 0);
        name.Edx = BitConverter.ToUInt32(text, 4);
        name.Ecx = BitConverter.ToUInt32(text, 8);
        return copy;
    }

    /// <summary>The same processor, and SMEP and SMAP with it.</summary>
    public Cpuid WithSupervisorPrevention(bool smep, bool smap)
    {
        var copy = new Cpuid([.. entries]);
        Put(ref copy.Find(ExtendedLeaf).Ebx, Smep, smep);
        Put(ref copy.Find(ExtendedLeaf).Ebx, Smap, smap);
        return copy;
    }

    public static string Name(Vendor vendor) =>
        vendor == Contract.Paging.Vendor.Amd ? "AuthenticAMD" : "GenuineIntel";

    private static bool Bit(uint word, int bit) => (word >> bit & 1) != 0;

    private static Cr4 If(uint word, int bit, Cr4 flag) => Bit(word, bit) ? flag : Cr4.None;

    private static void Put(ref uint word, int bit, bool value) =>
        word = value ? word | 1u << bit : word & ~(1u << bit);

    private ref CpuidEntry Find(uint function)
    {
        for (int index = 0; index < entries.Length; index++)
        {
            if (entries[index].Function == function && entries[index].Index == 0)
            {
                return ref entries[index];
            }
        }

        throw new Contract.UserError($"KVM does not say what CPUID leaf 0x{function:x} is.");
    }
}
