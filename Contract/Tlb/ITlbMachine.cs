using PageProof.Contract.Paging;

namespace PageProof.Contract.Tlb;

/// <summary>
/// The door of TLBs: a machine of some CPUs that share table memory, each with TLBs and
/// paging-structure caches of its own.
/// </summary>
public interface ITlbMachine : IDisposable
{
    /// <summary>What sequences this machine can be asked.</summary>
    TlbCapabilities Capabilities { get; }

    /// <summary>
    /// Resets the machine to <paramref name="start"/> with nothing cached, and carries the commands out
    /// in their order, each answered in its place.
    /// </summary>
    void Run(TlbStart start, ReadOnlySpan<TlbCommand> commands, Span<TlbAnswer> answers);
}

/// <summary>What a machine offers. Whoever makes sequences stays within.</summary>
public sealed record TlbCapabilities
{
    /// <summary>The most memory a sequence may have.</summary>
    public required ByteCount Memory { get; init; }

    /// <summary>How many CPUs there can be.</summary>
    public int Cpus { get; init; } = TlbStart.CpusMax;

    /// <summary>The bits of CR4 that may be set at the start, besides PAE.</summary>
    public Cr4 Cr4 { get; init; } = (Cr4)ulong.MaxValue;

    /// <summary>
    /// The machine tells where a translation came from, and promises that an access which is repeated
    /// at once is served by the first level, and that fetches and data accesses fill TLBs of their own.
    /// </summary>
    public bool TellsSource { get; init; }
}
