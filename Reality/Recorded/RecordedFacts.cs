using System.Reflection;
using PageProof.Contract.Paging;
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
    public static IReadOnlyList<TranslationFacts> Paging { get; } = ReadAll("paging");

    /// <summary>The deviations that are known of the system that was recorded.</summary>
    public static IReadOnlyList<Deviation> DeviationsOf(TranslationFacts facts) =>
        facts.Backend.StartsWith("QEMU", StringComparison.Ordinal) ? QemuDeviations.All
        : facts.Backend.StartsWith("kvm_pvm", StringComparison.Ordinal) ? KvmDeviations.OfSoftware
        : [];

    private static List<TranslationFacts> ReadAll(string domain)
    {
        var assembly = Assembly.GetExecutingAssembly();
        List<TranslationFacts> all = [];
        foreach (string name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (name.Contains($".{domain}-", StringComparison.Ordinal)
                && name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                all.Add(FactFile.Read(stream));
            }
        }

        return all;
    }
}
