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

    /// <summary>
    /// Runs sequences one after the other, so that a machine which has to be started is started once. The
    /// answers of each follow those of the one before.
    /// </summary>
    void RunAll(ReadOnlySpan<TlbSequence> sequences, Span<TlbAnswer> answers)
    {
        foreach (ref readonly var sequence in sequences)
        {
            int count = sequence.Commands.Length;
            Run(sequence.Start, sequence.Commands.AsSpan(), answers[..count]);
            answers = answers[count..];
        }
    }
}

/// <summary>What a machine offers. Whoever makes sequences stays within.</summary>
public sealed record TlbCapabilities
{
    /// <summary>The most memory a sequence may have.</summary>
    public required ByteCount Memory { get; init; }

    /// <summary>How many CPUs there can be.</summary>
    public int Cpus { get; init; } = TlbStart.CpusMax;

    /// <summary>The bits of CR4 that may be set, besides PAE.</summary>
    public Cr4 Cr4 { get; init; } = (Cr4)ulong.MaxValue;

    /// <summary>The bits of CR4 that a command may change.</summary>
    public Cr4 Cr4Changes { get; init; } = (Cr4)ulong.MaxValue;

    /// <summary>The commands that can be given.</summary>
    public IReadOnlyList<TlbCommandKind> Commands { get; init; } = Enum.GetValues<TlbCommandKind>();

    /// <summary>Whether a command may be one that ends in #GP.</summary>
    public bool Refusals { get; init; } = true;

    /// <summary>
    /// What single accesses it can be asked, and on what processors; memory and CR4 are told here. When it
    /// makes the accesses, no entry leads to a page that holds a listed word or to a place outside memory.
    /// </summary>
    public TranslatorCapabilities Translation { get; init; } = new() { Memory = default };

    /// <summary>
    /// The indices into a top table that no access and no listed word uses: the machine needs them for
    /// itself.
    /// </summary>
    public IReadOnlyList<int> OwnTopIndices { get; init; } = [];

    /// <summary>How many sequences are best put at once.</summary>
    public int SequencesAtOnce { get; init; } = 256;

    /// <summary>
    /// Classes of answers that the machine never gives although they are permitted: no run has to reach
    /// them. Whoever caches all that may be cached names none.
    /// </summary>
    public IReadOnlyList<TlbClass> NeverShown { get; init; } = [];

    /// <summary>The ways in which the machine is known to differ from the manual.</summary>
    public IReadOnlyList<TlbDeviation> Deviations { get; init; } = [];

    /// <summary>
    /// The machine tells where a translation came from, and promises that an access which is repeated
    /// at once is served by the first level or a front before it, and that fetches and data accesses fill
    /// TLBs of their own.
    /// </summary>
    public bool TellsSource { get; init; }
}
