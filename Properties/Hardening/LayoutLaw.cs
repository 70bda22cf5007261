using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Hardening;

/// <summary>Why a layout may not answer a request; null when it may.</summary>
internal delegate string? LayoutRefusal(in LayoutRequest request, in AddressSpaceLayout layout);

/// <summary>A law over single layouts.</summary>
public abstract class LayoutLaw(ISystem system) : CaseLaw<LayoutRequest>
{
    private readonly List<Judge> _judges = [];

    public override int BatchSize => 1024;

    public override void Generate(ulong seed, long index, ref LayoutRequest unfolded) =>
        unfolded = LayoutGenerator.Generate(seed, index);

    public override IEnumerable<LayoutRequest> Simplify(LayoutRequest failing) => LayoutShrinks.Of(failing);

    public override ICaseJudge<LayoutRequest> OpenJudge()
    {
        Judge judge = new(AslrDoor.Open(system), Refusal);
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law; the coverage of its requests is added when it holds.</summary>
    public CheckReport Run(ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        var report = CaseRunner.Run(
            this, system.Name, seed, length, workers, request => LayoutText.Print(request), progress);
        AslrCoverage all = new();
        _judges.ForEach(judge => all.Add(judge.Coverage));
        return report with { Coverage = report.Failure is null ? all.Judge(report.Cases) : null };
    }

    /// <summary>Why a layout breaks the law; null when it does not.</summary>
    protected abstract string? Refusal(in LayoutRequest request, in AddressSpaceLayout layout);

    private sealed class Judge(IAslr door, LayoutRefusal refuses) : ICaseJudge<LayoutRequest>
    {
        private AddressSpaceLayout[] _layouts = [];

        public AslrCoverage Coverage { get; } = new();

        public int FirstFailure(ReadOnlySpan<LayoutRequest> cases)
        {
            if (_layouts.Length < cases.Length)
            {
                _layouts = new AddressSpaceLayout[cases.Length];
            }

            // Whoever does not answer must not be taken at the answer of an earlier batch.
            var layouts = _layouts.AsSpan(0, cases.Length);
            layouts.Clear();
            door.Place(cases, layouts);
            for (int place = 0; place < cases.Length; place++)
            {
                Coverage.Count(cases[place], layouts[place]);
                if (refuses(cases[place], layouts[place]) is not null)
                {
                    return place;
                }
            }

            return -1;
        }

        public string Tell(in LayoutRequest failing)
        {
            var layout = door.Place(failing);
            return $"{LayoutText.Print(failing)}is laid out as\n{LayoutText.Of(layout)}\n"
                + (refuses(failing, layout) is { } refusal ? $"That is not permitted: {refusal}." : "It is permitted.");
        }

        public void Dispose() => door.Dispose();
    }
}
