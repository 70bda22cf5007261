using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Whichever frame cannot be had, one call or one access fails with ENOMEM, or none does, and it has changed nothing;
/// all goes on as if it had not been made, what is kept agrees with the tables, and no frame is lost. Each sequence is
/// run once for each frame that it asks for. A system that cannot be made to run out of frames is not asked.
/// </summary>
public sealed class KernelMissingFrameLaw : CaseLaw<MissingFrame>
{
    // Each case is many runs.
    private const int Share = 32;
    private const int ForksLeast = 5;

    private readonly ISystem _system;
    private readonly KernelGenerator _generator;
    private readonly KernelFit _fit;
    private readonly KernelSequence? _workload;
    private readonly int _step;
    private readonly List<KernelMissingFrameJudge> _judges = [];

    private KernelMissingFrameLaw(ISystem system, KernelSequence? workload = null, int step = 1)
    {
        var capabilities = KernelDoor.CapabilitiesOf(system);
        (_system, _generator, _fit) = (system, new(capabilities), new(capabilities));
        (_workload, _step) = (workload, step);
    }

    public override string Name => "whichever frame is missing, a call fails and nothing else is lost";

    public override int BatchSize => _workload is null ? 2 : 16;

    public override int LengthOf(in MissingFrame asked) => asked.Sequence.Commands.Length;

    public override void Generate(ulong seed, long index, ref MissingFrame unfolded) => unfolded = _workload is { } all
        ? new(all, index * _step + 1)
        : new(_generator.Generate(seed + 2, index), 0);

    // What is wrong in a long workload is told where it is: to run all of it for each command less takes too long.
    public override IEnumerable<MissingFrame> Simplify(MissingFrame failing) => _workload is not null ? []
        : KernelShrinks.Of(failing.Sequence).Where(simpler => _fit.IsWithin(simpler))
            .Select(simpler => new MissingFrame(simpler, 0));

    public override ICaseJudge<MissingFrame> OpenJudge()
    {
        KernelMissingFrameJudge judge = new(new(KernelDoor.Open(_system)));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>Whether the frames of a system can be made to run out.</summary>
    public static bool CanBeAsked(ISystem system)
    {
        using var kernel = KernelDoor.Open(system);
        return kernel is IFrameFailures;
    }

    /// <summary>Runs the law on a part of as many sequences as other laws have.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        var part = length.Cases is { } cases ? RunLength.Of(cases / Share + 1) : length;
        return new KernelMissingFrameLaw(system).Run(seed, part, workers, progress);
    }

    /// <summary>Runs one fixed workload, without one of its frames after the other.</summary>
    /// <param name="system">The system.</param>
    /// <param name="workers">How many kernels are open at once.</param>
    /// <param name="step">Of how many frames one is missing.</param>
    /// <param name="progress">Is told the number of frames.</param>
    /// <exception cref="UserError">The system cannot be made to run out of frames.</exception>
    public static CheckReport RunWorkload(
        ISystem system, int workers = 1, int step = 1, Action<long>? progress = null)
    {
        if (!CanBeAsked(system))
        {
            throw new UserError($"The frames of {system.Name} cannot be made to run out.");
        }

        var workload = KernelWorkload.Of(KernelDoor.CapabilitiesOf(system));
        KernelMissingFrameLaw law = new(system, workload, step);
        using KernelRuns runs = new(KernelDoor.Open(system));
        runs.Ask([workload]);
        long frames = ((IFrameFailures)runs.Kernel).FramesAsked;
        return law.Run(0, RunLength.Of(frames / step), workers, progress);
    }

    private CheckReport Run(ulong seed, RunLength length, int workers, Action<long>? progress)
    {
        var report = CaseRunner.Run(this, _system.Name, seed, length, workers, Print, progress);
        long refused = _judges.Sum(judge => judge.Refused), forks = _judges.Sum(judge => judge.ForksRefused);
        bool enough = (refused >= KernelCoverage.Floor && forks >= ForksLeast)
            || report.Cases < KernelCoverage.CasesToBind / Share;
        return report with
        {
            Commands = _judges.Sum(judge => judge.Commands),
            Coverage = report.Failure is null
                ? new(2, forks, enough ? [] : [$"refused: {refused}, of them forks: {forks}"], [])
                : null,
        };
    }

    private static string Print(MissingFrame failing) => KernelText.Print(failing.Sequence);
}
