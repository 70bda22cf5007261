using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>Whether a walk may leave a word of its memory so: <see cref="AccessedDirtySpec"/>.</summary>
public delegate bool MarkRule(
    in TranslationCase asked, WatchedMemory memory, PhysicalAddress address, PagingEntry left);

/// <summary>
/// Binds the Spec to itself: it permits marks in no word but those that its walk has read and used, and
/// it reads no word that is not there. So a rule that is too loose fails, which no system's answer shows.
/// </summary>
public sealed class MarkedWordsLaw(ISystem system, MarkRule rule) : CaseLaw<TranslationCase>
{
    private readonly TranslationGenerator _generator = new(Doors.CapabilitiesOf(system));
    private readonly TranslationShrinks _shrinks = new(new(Doors.CapabilitiesOf(system)));

    public override string Name => "only words that the walk used may be marked";

    public override void Generate(ulong seed, long index, ref TranslationCase unfolded) =>
        _generator.Generate(seed, index, ref unfolded);

    public override IEnumerable<TranslationCase> Simplify(TranslationCase failing) => _shrinks.Of(failing);

    public override ICaseJudge<TranslationCase> OpenJudge() => new Judge(rule);

    /// <summary>The law with the rule of the Spec.</summary>
    public static MarkedWordsLaw OfSpec(ISystem system) => new(
        system,
        static (in asked, memory, address, left) =>
            AccessedDirtySpec.Permits(asked.Control, asked.Access, memory, address, left));

    /// <summary>Runs the law.</summary>
    public CheckReport Run(ulong seed, RunLength length, int workers = 1, Action<long>? progress = null) =>
        CaseRunner.Run(this, "spec", seed, length, workers, asked => CaseText.Print(asked), progress);

    private sealed class Judge(MarkRule rule) : ICaseJudge<TranslationCase>
    {
        private readonly List<PhysicalAddress> _used = [];
        private readonly List<PhysicalAddress> _read = [];

        public int FirstFailure(ReadOnlySpan<TranslationCase> cases)
        {
            for (int index = 0; index < cases.Length; index++)
            {
                if (Fault(cases[index]) is not null)
                {
                    return index;
                }
            }

            return -1;
        }

        public string Tell(in TranslationCase failing) =>
            $"{failing.Access}: {Fault(failing)}\n  as a case:\n    "
            + CaseText.Print(failing).TrimEnd().Replace("\n", "\n    ");

        public void Dispose()
        {
        }

        private string? Fault(in TranslationCase asked)
        {
            _used.Clear();
            var end = WalkSpec.Walk(asked.Control, asked.Access, new WatchedMemory(in asked, _used));
            if (FirstOutside(_used, asked.Memory) is { } outside)
            {
                return $"the walk reads at {outside}, where there is no memory";
            }

            // An entry that is absent or has a reserved bit was read, and not used.
            bool usesLast = (end.Outcome.Code & PageFaultCode.Present) != 0
                && (end.Outcome.Code & PageFaultCode.Reserved) == 0;
            if (end.Outcome.Kind == OutcomeKind.PageFault && !usesLast)
            {
                _used.RemoveAt(_used.Count - 1);
            }

            foreach (ref readonly var word in asked.Words)
            {
                foreach (var mark in (ReadOnlySpan<EntryBit>)[EntryBit.Accessed, EntryBit.Dirty])
                {
                    if (Fault(asked, word, mark) is { } fault)
                    {
                        return $"{fault}; the walk ends in {end.Outcome}";
                    }
                }
            }

            return null;
        }

        private string? Fault(in TranslationCase asked, in TableWord word, EntryBit mark)
        {
            PagingEntry left = new(word.Entry.Value | (ulong)mark);
            if (word.Address.Value >= asked.Memory.Value || left == word.Entry || _used.Contains(word.Address))
            {
                return null;
            }

            _read.Clear();
            bool permitted = rule(asked, new(in asked, _read), word.Address, left);
            return FirstOutside(_read, asked.Memory) is { } outside
                ? $"the rule of marks reads at {outside}, where there is no memory"
                : permitted ? $"{word.Address} may be left as {left}, and the walk does not use it" : null;
        }

        private static PhysicalAddress? FirstOutside(List<PhysicalAddress> read, ByteCount memory)
        {
            int index = read.FindIndex(address => address.Value >= memory.Value);
            return index < 0 ? null : read[index];
        }
    }
}

/// <summary>The memory of a case, which keeps a list of what is read.</summary>
public readonly ref struct WatchedMemory(ref readonly TranslationCase asked, List<PhysicalAddress> read)
    : IPhysicalMemory
{
    private readonly CaseMemory _memory = new(in asked);

    public bool Contains(PhysicalAddress address) => _memory.Contains(address);

    public PagingEntry Read(PhysicalAddress address)
    {
        read.Add(address);
        return _memory.Read(address);
    }
}
