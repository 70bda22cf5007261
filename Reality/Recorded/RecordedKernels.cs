using System.Reflection;
using PageProof.Contract.Kernel;
using PageProof.Reality.Linux;

namespace PageProof.Reality.Recorded;

/// <summary>
/// What Linux answered once, kept so that machines where it cannot be asked can still hold the Spec, and anything
/// else, against it. The file tells the command that records it again.
/// </summary>
public static class RecordedKernels
{
    /// <summary>The recorded answers, one set for each kernel.</summary>
    public static IReadOnlyList<KernelFacts> All { get; } = ReadAll();

    /// <summary>What the kernel that was recorded offered.</summary>
    public static KernelCapabilities CapabilitiesOf(KernelFacts facts) => LinuxKernel.Offered with
    {
        KeepsTails = facts.KeepsTails,
        MmapMinAddress = facts.MmapMinAddress,
    };

    private static List<KernelFacts> ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        List<KernelFacts> all = [];
        foreach (string name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (name.Contains(".kernel-", StringComparison.Ordinal))
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                all.Add(KernelFactFile.Read(stream));
            }
        }

        return all;
    }
}
