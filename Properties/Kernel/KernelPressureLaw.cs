using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Transparency under pressure: whatever goes from memory and comes back, each process sees what it saw before, only
/// who owns a page that cannot be read is told, what is kept agrees with the tables, the slots and the lists, and no
/// frame and no slot is lost.
/// </summary>
public sealed class KernelPressureLaw : CaseLaw<KernelSequence>
{
    /// <summary>How many sequences bring the rarest event and class to their floors: measured, and a margin.</summary>
    public const long CasesToBind = 1_500;

    private const ulong Page = 4096;

    private readonly ISystem _system;
    private readonly KernelCapabilities _capabilities;
    private readonly KernelPressureGenerator _generator;
    private readonly KernelFit _fit;
    private readonly int _step;
    private readonly List<Judge> _judges = [];

    // With a step, the fixed workload: in the first case nothing fails, in each other the next transfer by so many.
    private KernelPressureLaw(ISystem system, int step = 0)
    {
        _step = step;
        (_system, _capabilities) = (system, KernelDoor.CapabilitiesOf(system));
        if (!_capabilities.Commands.Contains(KernelCommandKind.SwapOn))
        {
            throw new UserError($"{system.Name} cannot be asked to swap.");
        }

        (_generator, _fit) = (new(_capabilities), new(_capabilities));
    }

    /// <summary>What has to be reached.</summary>
    public static KernelFocus Focus { get; } =
        new(_ => 1, each => KernelFocus.IsOfSwap(each) && each.Kind != KernelCommandKind.Compact, CasesToBind);

    public override string Name => "whatever goes from memory and comes back, a process sees the same";

    public override int BatchSize => 16;

    public override int LengthOf(in KernelSequence asked) => asked.Commands.Length;

    public override void Generate(ulong seed, long index, ref KernelSequence unfolded) =>
        unfolded = _step == 0
            ? _generator.Generate(seed + 5, index)
            : KernelSwapWorkload.Of(_capabilities, index == 0 ? 0 : (index - 1) * _step + 1);

    // What is wrong in a long workload is told where it is.
    public override IEnumerable<KernelSequence> Simplify(KernelSequence failing) => _step != 0 ? []
        : TouchedAtOnce(failing).Concat(KernelShrinks.Of(failing)).Concat(AskedFor(failing))
            .Where(simpler => _fit.IsWithin(simpler));

    public override ICaseJudge<KernelSequence> OpenJudge()
    {
        Judge judge = new(new(KernelDoor.Open(_system)));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>The law alone.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return new KernelPressureLaw(system).Run(seed, length, workers, progress);
    }

    /// <summary>Runs the law until so many commands are answered, and tells how many are in the meantime.</summary>
    /// <param name="system">The system.</param>
    /// <param name="seed">The seed of the sequences.</param>
    /// <param name="commands">How many commands at least.</param>
    /// <param name="workers">How many kernels are open at once.</param>
    /// <param name="progress">Is told the number of commands so far.</param>
    public static CheckReport RunCommands(
        ISystem system, ulong seed, long commands, int workers = 1, Action<long>? progress = null)
    {
        KernelPressureLaw law = new(system);
        return law.Run(seed, RunLength.Until(IsEnough), workers, null);

        bool IsEnough()
        {
            long done = law._judges.Sum(judge => judge.Coverage.Commands);
            progress?.Invoke(done);
            return done >= commands;
        }
    }

    /// <summary>Runs one fixed workload, in which one transfer of a swap device after the other fails.</summary>
    /// <param name="system">The system.</param>
    /// <param name="workers">How many kernels are open at once.</param>
    /// <param name="step">Of how many transfers one fails.</param>
    /// <param name="progress">Is told the number of transfers.</param>
    public static CheckReport RunWorkload(
        ISystem system, int workers = 1, int step = 1, Action<long>? progress = null)
    {
        KernelPressureLaw law = new(system, step);
        using KernelRuns runs = new(KernelDoor.Open(system));
        runs.Ask([KernelSwapWorkload.Of(law._capabilities, 0)]);
        long transfers = runs.Kernel is IKernelReclaim counted ? counted.Reclaims.Transfers : 0;
        return law.Run(0, RunLength.Of(1 + transfers / step), workers, progress);
    }

    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the sequence.</exception>
    public static string? Refutation(ISystem system, in KernelSequence asked)
    {
        KernelPressureLaw law = new(system);
        if (!law._fit.IsWithin(asked))
        {
            throw new UserError($"{system.Name} cannot be asked this sequence: it is outside what it offers.");
        }

        using var judge = law.OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    // Pages that go since frames are few could as well be asked to go, and then there is no need of many.
    private static IEnumerable<KernelSequence> AskedFor(KernelSequence failing)
    {
        if (failing.Start.Frames == 0)
        {
            yield break;
        }

        KernelCommand reclaim = new() { Kind = KernelCommandKind.Reclaim, Length = new(1 << 20) };
        var start = failing.Start with { Frames = 0 };
        for (int place = 0; place < failing.Commands.Length; place++)
        {
            yield return new(start, failing.Commands.Insert(place, reclaim));
            for (int next = place + 1; next < failing.Commands.Length; next++)
            {
                yield return new(start, failing.Commands.Insert(next, reclaim).Insert(place, reclaim));
            }
        }
    }

    // Pages that are stored to one after the other can as well be touched by one call.
    private static IEnumerable<KernelSequence> TouchedAtOnce(KernelSequence failing)
    {
        var commands = failing.Commands;
        for (int first = 0, next = 0; first < commands.Length; first = next)
        {
            next = first + 1;
            while (next < commands.Length && IsAccess(commands[first]) && IsAccess(commands[next]))
            {
                next++;
            }

            for (int count = next - first; count >= Math.Max(next - first - 1, 2); count--)
            {
                var run = commands.AsSpan(first, count);
                ulong low = ulong.MaxValue, high = 0;
                foreach (ref readonly var command in run)
                {
                    low = Math.Min(low, command.Address.Value & ~(Page - 1));
                    high = Math.Max(high, (command.Address.Value & ~(Page - 1)) + Page);
                }

                var touched = run[0] with
                {
                    Kind = KernelCommandKind.Madvise,
                    Address = new(low),
                    Length = new(high - low),
                    Value = 0,
                    Advice = MemoryAdvice.PopulateWrite,
                };
                yield return failing with { Commands = commands.RemoveRange(first, count).Insert(first, touched) };
            }
        }
    }

    private static bool IsAccess(in KernelCommand command) =>
        command.Kind is KernelCommandKind.Load or KernelCommandKind.Store && !command.FromLast;

    private CheckReport Run(ulong seed, RunLength length, int workers, Action<long>? progress)
    {
        var report = CaseRunner.Run(
            this, _system.Name, seed, length, workers, sequence => KernelText.Print(sequence), progress);
        KernelCoverage all = new();
        ReclaimTally events = new(_capabilities);
        foreach (var judge in _judges)
        {
            all.Add(judge.Coverage);
            events.Add(judge.Events);
        }

        if (_step != 0)
        {
            bool each = events.Failed >= report.Cases - 1;
            return report with
            {
                Commands = all.Commands,
                Coverage = report.Failure is not null ? null
                    : new(1, events.Failed, each ? [] : [$"transfers that fail: {events.Failed}"], []),
            };
        }

        var classes = all.Judge(_capabilities, report.Cases, Focus);
        bool counts = _judges.Any(judge => judge.Counts);
        return report with
        {
            Commands = all.Commands,
            Coverage = report.Failure is not null ? null : !counts ? classes : classes with
            {
                Possible = classes.Possible + events.Names.Count(),
                Least = Math.Min(classes.Least, events.Least),
                Short = report.Cases >= CasesToBind ? [.. classes.Short, .. events.Below] : classes.Short,
            },
        };
    }

    private sealed class Judge(KernelRuns runs) : ICaseJudge<KernelSequence>
    {
        private readonly KernelFollower _follower = new(runs.Kernel.Capabilities);

        public KernelCoverage Coverage { get; } = new();

        public ReclaimTally Events { get; } = new(runs.Kernel.Capabilities);

        public bool Counts => runs.Kernel is IKernelReclaim;

        public int FirstFailure(ReadOnlySpan<KernelSequence> cases)
        {
            for (int place = 0; place < cases.Length; place++)
            {
                if (Refusal(cases[place], Coverage, out _) is not null)
                {
                    return place;
                }
            }

            return -1;
        }

        public string Tell(in KernelSequence failing)
        {
            string? refusal = Refusal(failing, null, out var answers);
            return KernelStory.Tell(failing, answers, runs.Kernel.Lines, _follower.FailedAt, refusal);
        }

        public void Dispose() => runs.Dispose();

        private string? Refusal(in KernelSequence sequence, KernelCoverage? coverage, out KernelAnswer[] answers)
        {
            answers = runs.Ask([sequence]).ToArray();
            if (runs.HasBroken)
            {
                return "the kernel could not go on";
            }

            if (coverage is not null && runs.Kernel is IKernelReclaim counted)
            {
                Events.Add(counted.Reclaims);
            }

            string? refusal = _follower.Refusal(sequence, answers, runs.Kernel.Lines, coverage);
            if (runs.Kernel is not IFrameFailures kept)
            {
                return refusal;
            }

            refusal ??= kept.Audit();
            int lost = refusal is null ? kept.EndAll() : 0;
            return refusal ?? (lost != 0 ? $"{lost} frames are lost when all processes have ended" : kept.Audit());
        }
    }
}
