using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Properties.Harness;
using PageProof.Spec.PageTables;

namespace PageProof.Properties.PageTables;

/// <summary>
/// The lockstep law of page tables: after every command the real entries say what a plain map says, whoever
/// overtook the edit, and what may still be cached is flushed before anything that it leads to is used again.
/// </summary>
public sealed class PageTableAgreementLaw(ISystem system) : CaseLaw<PageTableSequence>
{
    private readonly PageTableGenerator _generator = new(PageTableDoor.CapabilitiesOf(system));
    private readonly List<Judge> _judges = [];

    public override string Name => "page tables say what a plain map says, and what is stale is flushed";

    public override int BatchSize => 256;

    public override int LengthOf(in PageTableSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref PageTableSequence unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override IEnumerable<PageTableSequence> Simplify(PageTableSequence failing) =>
        PageTableShrinks.Of(failing);

    public override ICaseJudge<PageTableSequence> OpenJudge()
    {
        Judge judge = new(PageTableDoor.Open(system));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        PageTableAgreementLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => PageTableText.Print(sequence), progress);
        PageTableCoverage all = new();
        foreach (var judge in law._judges)
        {
            all.Add(judge.Coverage);
        }

        return report with
        {
            Commands = all.Commands,
            Coverage = report.Failure is null ? all.Judge(report.Cases) : null,
        };
    }

    private sealed class Judge(IPageTable door) : ICaseJudge<PageTableSequence>
    {
        private readonly ShownTables _tables = new(door);
        private readonly List<PageTableAnswer> _answers = [];

        public PageTableCoverage Coverage { get; } = new();

        public int FirstFailure(ReadOnlySpan<PageTableSequence> cases)
        {
            for (int place = 0; place < cases.Length; place++)
            {
                if (Refusal(cases[place]) is not null)
                {
                    return place;
                }
            }

            return -1;
        }

        public string Tell(in PageTableSequence failing)
        {
            string? refusal = Refusal(failing);
            return PageTableStory.Tell(failing, _answers, refusal);
        }

        public void Dispose() => door.Dispose();

        // Why the first answer that is not permitted is not; null when there is none.
        private string? Refusal(in PageTableSequence sequence)
        {
            _answers.Clear();
            door.Reset(sequence.Start);
            var state = PageTableSpec.Begin(sequence.Start, door.Top, door.Capabilities.Elides);
            foreach (var command in sequence.Commands)
            {
                var answer = door.Do(command);
                _answers.Add(answer);
                _tables.Forget();
                Shown shown = new(PageTreeSpec.Read(state.Control, _tables.Read()), [.. door.Told], [.. door.Held]);
                var step = PageTableSpec.Follow(state, command, answer, shown);
                if (step.State is not { } after)
                {
                    return step.Refusal;
                }

                Coverage.Count(state, command, answer, after);
                state = after;
            }

            return null;
        }
    }
}
