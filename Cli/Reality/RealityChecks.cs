using PageProof.Contract;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;
using PageProof.Properties.Paging;
using PageProof.Properties.Tlb;
using PageProof.Reality.Kvm;
using PageProof.Reality.Linux;
using PageProof.Reality.Qemu;
using PageProof.Reality.Recorded;

namespace PageProof.Cli.Reality;

/// <summary>Recorded facts as laws, and what a real system calls itself.</summary>
public static class RealityChecks
{
    /// <summary>The law by which recorded facts bind the Spec and other systems.</summary>
    public static FactLaw LawOf(TranslationFacts facts) => new(
        facts.Backend.Split(',')[0],
        [.. facts.Facts.Select(fact => (fact.Case, fact.Answer))],
        RecordedFacts.DeviationsOf(facts));

    /// <summary>The Spec permits what was recorded.</summary>
    public static CheckReport OfSpec(TranslationFacts facts) => LawOf(facts).OfSpec();

    /// <summary>The law by which recorded sequences bind the Spec, or another that judges.</summary>
    public static TlbFactLaw LawOf(SequenceFacts facts) => new(
        facts.Backend.Split(',')[0],
        [.. facts.Facts.Select(fact => (fact.Sequence, fact.Answers))],
        RecordedFacts.DeviationsOf(facts));

    /// <summary>The Spec permits what was recorded of TLBs.</summary>
    public static CheckReport OfSpec(SequenceFacts facts) => LawOf(facts).OfSpec();

    /// <summary>The Spec permits what was recorded of a kernel.</summary>
    public static CheckReport OfSpec(KernelFacts facts) => new KernelFactLaw(
        facts.Backend,
        [.. facts.Facts.Select(fact => new Asked(fact.Sequence, fact.Answers, fact.Lines))],
        RecordedKernels.CapabilitiesOf(facts)).OfSpec();

    /// <summary>What answered: the version of an emulator, the kernel's module, the processor.</summary>
    public static string BackendOf(ISystem system) => system switch
    {
        QemuSystem qemu => qemu.Backend,
        KvmSystem kvm => kvm.Backend,
        LinuxSystem linux => linux.Backend,
        _ => system.Name,
    };
}
