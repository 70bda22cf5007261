using System.Reflection;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Reality.Kvm;
using PageProof.Reality.Qemu;

namespace PageProof.Reality.Recorded;

/// <summary>
/// What KVM and QEMU answered once, kept so that machines without them can still hold the Spec, and
/// anything else, against reality. Each file tells the command that records it again.
/// </summary>
public static class RecordedFacts
{
    private const string Suffix = ".facts";

    /// <summary>The recorded answers of paging, one set for each system.</summary>
    public static IReadOnlyList<TranslationFacts> Paging { get; } = ReadAll("paging", FactFile.Read);

    /// <summary>The recorded answers of TLBs, one set for each system.</summary>
    public static IReadOnlyList<SequenceFacts> Tlb { get; } = ReadAll("tlb", SequenceFactFile.Read);

    /// <summary>The deviations that are known of the system that was recorded.</summary>
    public static IReadOnlyList<Deviation> DeviationsOf(TranslationFacts facts) =>
        IsOfQemu(facts.Backend) ? QemuDeviations.All
        : facts.Backend.StartsWith("kvm_pvm", StringComparison.Ordinal) ? KvmDeviations.OfSoftware
        : [];

    /// <summary>The deviations that are known of the TLB that was recorded.</summary>
    public static IReadOnlyList<TlbDeviation> DeviationsOf(SequenceFacts facts) =>
        IsOfQemu(facts.Backend) ? QemuDeviations.OfTlb : [];

    private static bool IsOfQemu(string backend) => backend.StartsWith("QEMU", StringComparison.Ordinal);

    private static List<TFacts> ReadAll<TFacts>(string domain, Func<Stream, TFacts> read)
    {
        var assembly = Assembly.GetExecutingAssembly();
        List<TFacts> all = [];
        foreach (string name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (name.Contains($".{domain}-", StringComparison.Ordinal)
                && name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                all.Add(read(stream));
            }
        }

        return all;
    }
}
