using PageProof.Contract.Reclaim;

namespace PageProof.Implementation.Reclaim;

/// <summary>The door of page replacement: gives pages their numbers, and victims their pages.</summary>
internal sealed class PolicyMachine : IReplacementPolicy
{
    private PageNumbering _numbers = new();
    private ReplacementMemory _memory = PolicyRegistry.Open(new(ReplacementKind.Fifo, 1, 1, 0, 0));
    private uint[] _records = [];
    // Survivor: it grows with the records.
    private Eviction[] _evictions = [];
    private int _pages;

    public ReplacementCapabilities Capabilities { get; } = new();

    public void Reset(ReplacementSettings settings, ReadOnlySpan<Reference> foreseen)
    {
        (_numbers, _memory, _pages) = (new(), PolicyRegistry.Open(settings), 0);
        if (_memory.NeedsFuture)
        {
            var distances = new uint[foreseen.Length];
            var records = Records(foreseen);
            new NextUses().Find(records, 0, _numbers.Count, distances);
            _memory.Foresee(distances);
        }
    }

    public void Refer(ReadOnlySpan<Reference> references, Span<ReferenceAnswer> answers)
    {
        var records = Records(references);
        var evictions = _evictions.AsSpan(0, records.Length);
        _memory.Refer(records, evictions);
        for (int place = 0; place < records.Length; place++)
        {
            var eviction = evictions[place];
            answers[place] = eviction.Victim switch
            {
                < -1 => ReferenceAnswer.Hit,
                -1 => ReferenceAnswer.Filled,
                _ => new(
                    ReferenceOutcome.Replaced, new(_numbers[eviction.Victim]), eviction.Dirty != 0, eviction.Cleaned),
            };
        }
    }

    public int Show(Span<ResidentPage> pages)
    {
        int count = 0;
        for (int number = 0; number < _pages; number++)
        {
            var marks = _memory.Look(number);
            if (marks.HasFlag(PageMarks.Resident))
            {
                pages[count++] = new(
                    new(_numbers[number]),
                    marks.HasFlag(PageMarks.Dirty),
                    marks.HasFlag(PageMarks.Referenced),
                    StandingOf(marks));
            }
        }

        return count;
    }

    public void Dispose()
    {
    }

    private PageStanding StandingOf(PageMarks marks) =>
        _memory.Settings.Kind != ReplacementKind.TwoList ? PageStanding.None
        : marks.HasFlag(PageMarks.Active)
            ? marks.HasFlag(PageMarks.FoundUsed) ? PageStanding.Hot : PageStanding.Warm
            : marks.HasFlag(PageMarks.FoundUsed) ? PageStanding.Cool : PageStanding.Cold;

    private ReadOnlySpan<uint> Records(ReadOnlySpan<Reference> references)
    {
        if (_records.Length < references.Length)
        {
            (_records, _evictions) = (new uint[references.Length], new Eviction[references.Length]);
        }

        for (int place = 0; place < references.Length; place++)
        {
            int number = _numbers.NumberOf(references[place].Page.Value);
            _records[place] = (uint)number << ReplacementMemory.MaskBits | (uint)references[place].Mask;
        }

        if (_pages < _numbers.Count)
        {
            // Room for more, so that pages that come one by one cost little.
            _pages = _numbers.Count + (_numbers.Count >> 1);
            _memory.Grow(_pages);
        }

        return _records.AsSpan(0, references.Length);
    }
}
