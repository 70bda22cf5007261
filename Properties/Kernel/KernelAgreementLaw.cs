using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>
/// The lockstep law of kernels: every answer is one that the Spec permits, and when all is read back in the end, by
/// every process that is left and from every file, each byte is the last that the rules of sharing let it see.
/// </summary>
public sealed class KernelAgreementLaw(ISystem system, KernelFocus? focus = null) : CaseLaw<KernelSequence>
{
    private readonly KernelCapabilities _capabilities = KernelDoor.CapabilitiesOf(system);
    private readonly KernelGenerator _generator = new(KernelDoor.CapabilitiesOf(system), focus);
    private readonly KernelFit _fit = new(KernelDoor.CapabilitiesOf(system));
    private readonly List<Judge> _judges = [];

    public override string Name => "a process sees what the sharing of memory lets it see, and faults where it must";

    public override int BatchSize => _capabilities.SequencesAtOnce;

    public override int LengthOf(in KernelSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref KernelSequence unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override IEnumerable<KernelSequence> Simplify(KernelSequence failing) =>
        KernelShrinks.Of(failing).Where(simpler => _fit.IsWithin(simpler));

    public override ICaseJudge<KernelSequence> OpenJudge()
    {
        Judge judge = new(new(KernelDoor.Open(system)));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null) =>
        Run(system, KernelFocus.Everything, seed, length, workers, progress);

    /// <summary>The same with the sequences of one domain.</summary>
    public static CheckReport Run(
        ISystem system,
        KernelFocus focus,
        ulong seed,
        RunLength length,
        int workers = 1,
        Action<long>? progress = null)
    {
        KernelAgreementLaw law = new(system, focus);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => KernelText.Print(sequence), progress);
        KernelCoverage all = new();
        foreach (var judge in law._judges)
        {
            all.Add(judge.Coverage);
        }

        return report with
        {
            Commands = all.Commands,
            Explained = law._judges.SelectMany(judge => judge.Explanations)
                .GroupBy(pair => pair.Key, pair => pair.Value).ToDictionary(group => group.Key, group => group.Sum()),
            Coverage = report.Failure is null ? all.Judge(law._capabilities, report.Cases, focus) : null,
        };
    }

    /// <summary>How many sequences, from the first on, have so many commands together.</summary>
    public static long CasesOf(ISystem system, ulong seed, long commands)
    {
        KernelAgreementLaw law = new(system);
        KernelSequence sequence = default;
        long cases = 0;
        for (; commands > 0; cases++)
        {
            law.Generate(seed, cases, ref sequence);
            commands -= sequence.Commands.Length;
        }

        return cases;
    }

    private sealed class Judge(KernelRuns runs) : ICaseJudge<KernelSequence>
    {
        private readonly KernelFollower _follower = new(runs.Kernel.Capabilities);

        public KernelCoverage Coverage { get; } = new();

        public IReadOnlyDictionary<string, long> Explanations => _follower.Explanations;

        public int FirstFailure(ReadOnlySpan<KernelSequence> cases)
        {
            var answers = runs.Ask(cases);
            if (runs.HasBroken && cases.Length > 1)
            {
                return FirstAlone(cases);
            }

            for (int place = 0; place < cases.Length; place++)
            {
                int count = cases[place].Commands.Length;
                if (_follower.Refusal(cases[place], answers[..count], runs.Kernel.Lines, Coverage) is not null)
                {
                    return place;
                }

                answers = answers[count..];
            }

            return -1;
        }

        // Which of them it was is found one by one.
        private int FirstAlone(ReadOnlySpan<KernelSequence> cases)
        {
            int place = 0;
            while (place < cases.Length && FirstFailure(cases.Slice(place, 1)) < 0)
            {
                place++;
            }

            return place < cases.Length ? place : -1;
        }

        public string Tell(in KernelSequence failing)
        {
            var answers = runs.Ask([failing]);
            string? refusal = _follower.Refusal(failing, answers, runs.Kernel.Lines, null);
            return KernelStory.Tell(failing, answers, runs.Kernel.Lines, _follower.FailedAt, refusal);
        }

        public void Dispose() => runs.Dispose();
    }
}
