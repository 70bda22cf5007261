using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Whatever CPUs do at once, and whoever goes on at each yield point, there is an order of their commands, one after
/// the other, in which the Spec permits every answer and what memory holds in the end; what is kept then agrees with
/// the tables, and nobody waits for ever.
/// </summary>
public sealed class KernelScheduleLaw : CaseLaw<ScheduledCase>
{
    /// <summary>How many cases bring what is to meet to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 5_000;

    // Every fourth case is about a file.
    private const int FilesOneIn = 4;

    private readonly ISystem _system;
    private readonly KernelScheduleGenerator _generator;
    private readonly KernelFileSchedules _files;
    private readonly List<Judge> _judges = [];

    private KernelScheduleLaw(ISystem system, ScheduleKind kind)
    {
        using var kernel = Open(system);
        (_system, _generator, _files) =
            (system, new(kernel.Capabilities, kind), new(kernel.Capabilities, kind));
    }

    public override string Name => "commands at once are answered as in some order of them";

    public override int BatchSize => 16;

    public override int LengthOf(in ScheduledCase asked) => asked.Sequence.Commands.Length;

    public override void Generate(ulong seed, long index, ref ScheduledCase unfolded) =>
        unfolded = index % FilesOneIn == FilesOneIn - 1
            ? _files.Generate(seed + 3, index)
            : _generator.Generate(seed + 3, index);

    public override ICaseJudge<ScheduledCase> OpenJudge()
    {
        Judge judge = new(new(Open(_system)));
        _judges.Add(judge);
        return judge;
    }

    public override IEnumerable<ScheduledCase> Simplify(ScheduledCase failing) =>
        KernelScheduleShrinks.Of(failing, _judges[0].ScheduleOf(failing));

    /// <summary>The law alone, with schedules of both kinds.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return RunAs(system, seed, length, workers, progress, ScheduleKind.Mixed);
    }

    /// <summary>The story of how commands fail under a schedule, or null when they do not.</summary>
    public static string? Refutation(ISystem system, in ScheduledCase only)
    {
        using Judge judge = new(new(Open(system)));
        return judge.FirstFailure([only]) < 0 ? null : judge.Tell(only);
    }

    /// <summary>Runs the law with schedules of one kind.</summary>
    public static CheckReport RunAs(
        ISystem system, ulong seed, RunLength length, int workers, Action<long>? progress, ScheduleKind kind)
    {
        KernelScheduleLaw law = new(system, kind);
        var report = CaseRunner.Run(law, system.Name, seed, length, workers, law.Print, progress);
        long turns = law._judges.Sum(judge => judge.Turns);
        KernelMeetings met = new(law._judges[0].Capabilities);
        law._judges.ForEach(judge => met.Add(judge.Met));
        bool binds = report.Cases >= CasesToBind;
        KernelFaultPaths paths = new();
        law._judges.ForEach(judge => paths.Add(judge.Paths));
        string[] few = turns < report.Cases ? [$"turns: {turns}"] : [];
        string[] below = [.. few, .. binds ? met.Below.Concat(paths.Below) : []];
        return report with
        {
            Commands = law._judges.Sum(judge => judge.Commands),
            Coverage = report.Failure is null
                ? new(1 + KernelMeetings.Wanted.Length + KernelFaultPaths.Classes,
                    Math.Min(turns, Math.Min(met.Least, paths.Least)), below, [])
                : null,
        };
    }

    private static IScheduledKernel Open(ISystem system) => system.OpenScheduledKernel()
        ?? throw new UserError($"The system {system.Name} has no kernel that can be scheduled.");

    private string Print(ScheduledCase failing) => failing.Print(_judges[0].ScheduleOf(failing));

    private sealed class Judge(KernelTrial trial) : ICaseJudge<ScheduledCase>
    {
        private readonly SequentialOrder _order = new(trial);

        public KernelCapabilities Capabilities => trial.Kernel.Capabilities;

        /// <summary>What has met at a page of a file.</summary>
        public KernelMeetings Met { get; } = new(trial.Kernel.Capabilities);

        /// <summary>What faults have met.</summary>
        public KernelFaultPaths Paths { get; } = new();

        public long Commands { get; private set; }

        /// <summary>How often another CPU went on than before.</summary>
        public long Turns { get; private set; }

        public int FirstFailure(ReadOnlySpan<ScheduledCase> cases)
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

        public ImmutableArray<int> ScheduleOf(in ScheduledCase failing)
        {
            if (!failing.IsRecorded)
            {
                trial.Run(failing);
            }

            return failing.IsRecorded ? failing.Recorded : trial.Schedule;
        }

        public string Tell(in ScheduledCase failing) =>
            KernelScheduleStory.Tell(failing, Refusal(failing), trial);

        public void Dispose() => trial.Dispose();

        private string? Refusal(in ScheduledCase asked)
        {
            string? broken = trial.Run(asked);
            Commands += asked.Sequence.Commands.Length;
            Paths.Add(trial.Kernel.Faults);
            for (int step = 1; step < trial.Schedule.Length; step++)
            {
                Turns += trial.Schedule[step] != trial.Schedule[step - 1] ? 1 : 0;
            }

            Met.Count(trial.Meanwhile);
            return broken ?? (_order.Exists(asked.Sequence.Start) ? null
                : $"No order of these commands is permitted; in the one that goes furthest {_order.Furthest}.");
        }
    }
}
