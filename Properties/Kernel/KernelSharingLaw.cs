using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Spec.AddressSpaces;

namespace PageProof.Properties.Kernel;

/// <summary>
/// The law of copy-on-write: whatever a kernel tells of its frames is a permitted step of the transition system about
/// which the theorems D are proved, and no frame changes that nobody may write.
/// </summary>
public sealed class KernelSharingLaw(ISystem system) : CaseLaw<KernelSequence>
{
    /// <summary>How many sequences bring what is counted to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 2_000;

    private const int Floor = 20;

    private readonly KernelGenerator _generator = new(KernelDoor.CapabilitiesOf(system));
    private readonly KernelFit _fit = new(KernelDoor.CapabilitiesOf(system));
    private readonly List<Judge> _judges = [];

    public override string Name => "each change of who shares a frame is a step of copy-on-write";

    public override int LengthOf(in KernelSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref KernelSequence unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override IEnumerable<KernelSequence> Simplify(KernelSequence failing) =>
        KernelShrinks.Of(failing).Where(simpler => _fit.IsWithin(simpler));

    public override ICaseJudge<KernelSequence> OpenJudge()
    {
        Judge judge = new(KernelDoor.Open(system));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Whether a system tells what the law is about.</summary>
    public static bool IsAbout(ISystem system)
    {
        using var kernel = KernelDoor.Open(system);
        return kernel is IKernelSharing;
    }

    /// <summary>How the system breaks the law in a sequence; null when it does not, or tells nothing.</summary>
    public static string? Refutation(ISystem system, in KernelSequence asked)
    {
        if (!IsAbout(system))
        {
            return null;
        }

        using var judge = new KernelSharingLaw(system).OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        KernelSharingLaw law = new(system);
        var report = CaseRunner.Run(
            law, system.Name, seed, length, workers, sequence => KernelText.Print(sequence), progress);
        var shown = Enum.GetValues<SharingEventKind>();
        long Count(SharingEventKind kind) => law._judges.Sum(judge => judge.Counts[(int)kind]);
        var below = shown.Where(kind => Count(kind) < Floor).Select(kind => $"{kind}: {Count(kind)}");
        return report with
        {
            Commands = law._judges.Sum(judge => judge.Commands),
            Coverage = report.Failure is not null ? null : new(
                shown.Length, shown.Min(Count), report.Cases >= CasesToBind ? [.. below] : [], []),
        };
    }

    private sealed class Judge : ICaseJudge<KernelSequence>
    {
        private readonly KernelRuns _runs;
        private readonly SharingFollower _follower;

        public Judge(IKernel kernel)
        {
            _runs = new(kernel);
            var sharing = (IKernelSharing)kernel;
            _follower = new(sharing);
            sharing.Observer = _follower;
        }

        public IReadOnlyList<long> Counts => _follower.Counts;

        public long Commands { get; private set; }

        public int FirstFailure(ReadOnlySpan<KernelSequence> cases)
        {
            for (int place = 0; place < cases.Length; place++)
            {
                Commands += cases[place].Commands.Length;
                if (Refusal(cases[place], out _) is not null)
                {
                    return place;
                }
            }

            return -1;
        }

        public string Tell(in KernelSequence failing)
        {
            string? refusal = Refusal(failing, out var answers);
            string story = KernelStory.Tell(
                failing, answers, _runs.Kernel.Lines, answers.Length, null);
            string[] told = [.. story.Split(Environment.NewLine)[..^1], refusal ?? "Every step is permitted."];
            return string.Join(Environment.NewLine, told);
        }

        public void Dispose() => _runs.Dispose();

        private string? Refusal(in KernelSequence sequence, out KernelAnswer[] answers)
        {
            answers = _runs.Ask([sequence]).ToArray();
            _follower.End();
            return _follower.Failure;
        }
    }
}
