using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Whichever frame cannot be had, one call or one access fails with ENOMEM, or none does, and it has changed nothing;
/// all goes on as if it had not been made, what is kept agrees with the tables, and no frame is lost. Each sequence is
/// run once for each frame that it asks for.
/// </summary>
public sealed class KernelMissingFrameLaw : CaseLaw<MissingFrame>
{
    /// <summary>How many sequences bring what is counted to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 180;

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
        KernelMissingFrameJudge judge = new(new(Open(_system)));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>The law alone.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return new KernelMissingFrameLaw(system).Run(seed, length, workers, progress);
    }

    /// <summary>The story of a sequence that goes wrong without one of its frames, or null when it does not.</summary>
    public static string? Refutation(ISystem system, in KernelSequence asked)
    {
        MissingFrame only = new(asked, 0);
        using var judge = new KernelMissingFrameLaw(system).OpenJudge();
        return judge.FirstFailure([only]) < 0 ? null : judge.Tell(only);
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
        var workload = KernelWorkload.Of(KernelDoor.CapabilitiesOf(system));
        KernelMissingFrameLaw law = new(system, workload, step);
        using KernelRuns runs = new(Open(system));
        runs.Ask([workload]);
        long frames = ((IFrameFailures)runs.Kernel).FramesAsked;
        return law.Run(0, RunLength.Of(frames / step), workers, progress);
    }

    private static IKernel Open(ISystem system)
    {
        var kernel = KernelDoor.Open(system);
        return kernel is IFrameFailures
            ? kernel
            : throw new UserError($"The frames of {system.Name} cannot be made to run out.");
    }

    private CheckReport Run(ulong seed, RunLength length, int workers, Action<long>? progress)
    {
        var report = CaseRunner.Run(this, _system.Name, seed, length, workers, Print, progress);
        long refused = _judges.Sum(judge => judge.Refused), forks = _judges.Sum(judge => judge.ForksRefused);
        bool enough = (refused >= KernelCoverage.Floor && forks >= ForksLeast)
            || report.Cases < CasesToBind;
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
