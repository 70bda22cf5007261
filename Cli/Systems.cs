using PageProof.Contract;
using PageProof.Implementation;
using PageProof.Mutation.Loading;
using PageProof.Reality.Kvm;
using PageProof.Reality.Linux;
using PageProof.Reality.Qemu;
using PageProof.Spec;

namespace PageProof.Cli;

/// <summary>Opens a system by the name that <c>--system</c> gives it.</summary>
public static class Systems
{
    /// <summary>What <c>--system</c> can be, for its help.</summary>
    public const string Names = "implementation, spec, kvm, qemu, linux, or PATH.dll";

    /// <summary>The system of that name.</summary>
    /// <exception cref="UserError">There is none, or it cannot be used here.</exception>
    public static ISystem Open(string name) => name switch
    {
        "implementation" => new ImplementationSystem(),
        "spec" => new SpecSystem(),
        "kvm" => new KvmSystem(),
        "qemu" => new QemuSystem(),
        "linux" => new LinuxSystem(),
        _ when name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) => new LoadedSystem(name),
        _ => throw new UserError($"There is no system '{name}': it is one of {Names}."),
    };

    /// <summary>How many instances of it can work side by side: KVM has one machine.</summary>
    public static int WorkersOf(string name) => name == "kvm" ? 1 : Environment.ProcessorCount;

    private sealed class LoadedSystem(string path) : ISystem
    {
        private readonly SystemAssembly _assembly = SystemAssembly.Load(path);

        public string Name => _assembly.System.Name;

        public Contract.Paging.ITranslator? OpenTranslator() => _assembly.System.OpenTranslator();

        public Contract.Tlb.ITlbMachine? OpenTlb() => _assembly.System.OpenTlb();

        public Contract.Tlb.ITlbOracle? OpenTlbOracle() => _assembly.System.OpenTlbOracle();

        public Contract.Hardening.IKpti? OpenKpti() => _assembly.System.OpenKpti();

        public Contract.Hardening.IAslr? OpenAslr() => _assembly.System.OpenAslr();

        public Contract.PageTables.IPageTable? OpenPageTable() => _assembly.System.OpenPageTable();

        public Contract.Tlb.ISoftwareTlb? OpenSoftwareTlb() => _assembly.System.OpenSoftwareTlb();

        public Contract.Tlb.ISoftwareTlbKernel? OpenSoftwareTlbKernel() => _assembly.System.OpenSoftwareTlbKernel();

        public Contract.Tlb.IShootdownMachine? OpenShootdown() => _assembly.System.OpenShootdown();

        public Contract.Frames.IFrameAllocator? OpenFrames() => _assembly.System.OpenFrames();

        public Contract.Swap.Compressed.ICompressedStore? OpenCompressedStore() =>
            _assembly.System.OpenCompressedStore();

        public Contract.Swap.ISwapDevices? OpenSwap() => _assembly.System.OpenSwap();

        public Contract.Kernel.IKernel? OpenKernel() => _assembly.System.OpenKernel();

        public Contract.Kernel.IScheduledKernel? OpenScheduledKernel() => _assembly.System.OpenScheduledKernel();

        public Contract.Reclaim.IReplacementPolicy? OpenPolicies() => _assembly.System.OpenPolicies();

        public void Dispose() => _assembly.Dispose();
    }
}
