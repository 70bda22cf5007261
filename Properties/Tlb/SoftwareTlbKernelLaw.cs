using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// The law of processes over a software-filled TLB: whatever is mapped, unmapped, protected, switched, ended
/// and evicted, an access goes to the frame of the process's own page, or faults. So no access gets a frame
/// that was taken away, no recycled ASID shows the page of another process, and wired entries stay.
/// </summary>
public sealed class SoftwareTlbKernelLaw(ISystem system) : CaseLaw<SoftwareTlbKernelSequence>
{
    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 4_000;

    private readonly List<Judge> _judges = [];

    public override string Name => "processes see their own pages through a software-filled TLB";

    public override int BatchSize => 256;

    public override int LengthOf(in SoftwareTlbKernelSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref SoftwareTlbKernelSequence unfolded) =>
        unfolded = SoftwareTlbKernelGenerator.Generate(seed, index);

    public override IEnumerable<SoftwareTlbKernelSequence> Simplify(SoftwareTlbKernelSequence failing) =>
        SoftwareTlbShrinks.Of(failing);

    public override ICaseJudge<SoftwareTlbKernelSequence> OpenJudge()
    {
        Judge judge = new(SoftwareTlbDoor.Kernel(system));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        SoftwareTlbKernelLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => SoftwareTlbKernelText.Print(sequence), progress);
        ClassCounts<SoftwareTlbKernelClass> all = new();
        law._judges.ForEach(judge => all.Add(judge.Counts));
        return report with
        {
            Commands = all.Commands,
            Coverage = report.Failure is null ? all.Judge(report.Cases >= CasesToBind) : null,
        };
    }

    private sealed class Judge(ISoftwareTlbKernel kernel) : ICaseJudge<SoftwareTlbKernelSequence>
    {
        private readonly SoftwareTlbKernelAnswer[] _answers =
            new SoftwareTlbKernelAnswer[SoftwareTlbKernelSequence.CommandsMax];

        public ClassCounts<SoftwareTlbKernelClass> Counts { get; } = new();

        public int FirstFailure(ReadOnlySpan<SoftwareTlbKernelSequence> cases)
        {
            for (int place = 0; place < cases.Length; place++)
            {
                if (!Holds(cases[place]))
                {
                    return place;
                }
            }

            return -1;
        }

        public string Tell(in SoftwareTlbKernelSequence failing) => SoftwareTlbStory.Tell(failing, Ask(failing));

        public void Dispose() => kernel.Dispose();

        private bool Holds(in SoftwareTlbKernelSequence sequence)
        {
            var answers = Ask(sequence);
            var state = SoftwareTlbKernelState.Begin(sequence.Start);
            for (int index = 0; index < answers.Length; index++)
            {
                var command = sequence.Commands[index];
                var (after, _) = SoftwareTlbKernelSpec.Follow(state, command, answers[index]);
                if (after is null)
                {
                    return false;
                }

                Counts.Add(SoftwareTlbCoverage.Of(state, command, answers[index]));
                state = after;
            }

            return true;
        }

        private ReadOnlySpan<SoftwareTlbKernelAnswer> Ask(in SoftwareTlbKernelSequence sequence)
        {
            var answers = _answers.AsSpan(0, sequence.Commands.Length);
            answers.Clear();
            kernel.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
            return answers;
        }
    }
}
