using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Reality.Kvm;

/// <summary>
/// The MMU of this computer, asked through /dev/kvm. Where the processor has no virtualisation the
/// kernel answers in its place; <see cref="Backend"/> tells.
/// </summary>
public sealed class KvmSystem : ISystem
{
    private readonly KvmBackend _backend;

    /// <summary>Finds out what is behind the device.</summary>
    /// <exception cref="UserError">It cannot be used here.</exception>
    public KvmSystem()
    {
        if (WhyUnavailable() is { } reason)
        {
            throw new UserError(reason);
        }

        _backend = KvmBackend.Find();
        using var host = new KvmHost();
        Backend = _backend.Module + (_backend.IsSoftware ? ", CPL 0 emulated, " : ", ") + ProcessorName();
    }

    /// <inheritdoc/>
    public string Name => "kvm";

    /// <summary>What answers: the kernel module, and the name of the processor.</summary>
    public string Backend { get; }

    /// <summary>Why KVM cannot be used here, in one sentence, or null if it can.</summary>
    public static string? WhyUnavailable(string device = KvmHost.Device) =>
        KvmHost.WhyUnavailable(device);

    /// <inheritdoc/>
    public ITranslator OpenTranslator() => new KvmTranslator(_backend);

    /// <inheritdoc/>
    public ITlbMachine OpenTlb() => KvmTlb.Open(_backend);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static string ProcessorName() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
        ?.Split(':', 2)[1].Trim() ?? "unknown processor";
}
