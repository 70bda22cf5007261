using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;

namespace PageProof.Reality.Linux;

/// <summary>The running Linux kernel: its memory management, as processes see it.</summary>
public sealed class LinuxSystem : ISystem
{
    private int _opened;

    /// <summary>Asks whether the kernel can be used.</summary>
    /// <exception cref="UserError">It cannot be used here.</exception>
    public LinuxSystem()
    {
        if (StubTree.WhyUnavailable() is { } reason)
        {
            throw new UserError(reason);
        }

        using LinuxKernel kernel = new(0);
        bool pins = kernel.Capabilities.Commands.Any(LinuxKernel.IsOfPins);
        Backend = $"Linux {Environment.OSVersion.Version.ToString(3)}"
            + (pins ? "" : ", where io_uring registers no buffers: no pins are asked for");
    }

    /// <inheritdoc/>
    public string Name => "linux";

    /// <summary>What answers: the version of the kernel, and that it cannot be asked for pins, if so.</summary>
    public string Backend { get; }

    /// <inheritdoc/>
    public ITranslator? OpenTranslator() => null;

    /// <inheritdoc/>
    public IKernel OpenKernel() => new LinuxKernel(Interlocked.Increment(ref _opened));

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
