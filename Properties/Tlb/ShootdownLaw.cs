using System.Collections.Immutable;
using System.Text;
using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Properties.Harness.Scheduling;

namespace PageProof.Properties.Tlb;

/// <summary>
/// The law of shootdowns: whatever the programs of the CPUs and whatever the schedule, no CPU uses a
/// translation of a frame or table page that was given back, nor one that it was made to forget; every event
/// is a permitted step; what is mapped is reached; and all that is unmapped comes back.
/// </summary>
public sealed class ShootdownLaw(ISystem system, ScheduleKind kind) : CaseLaw<ShootdownCase>
{
    /// <summary>The name of the law.</summary>
    public const string Title = "no CPU uses what a shootdown has taken away";

    private readonly ShootdownGenerator _generator = new(CapabilitiesOf(system), kind);
    private readonly List<Judge> _judges = [];

    public override string Name => Title;

    public override int BatchSize => 128;

    public override int LengthOf(in ShootdownCase asked) => asked.Program.Commands.Length;

    public override void Generate(ulong seed, long index, ref ShootdownCase unfolded) =>
        unfolded = _generator.Generate(seed, index);

    public override ICaseJudge<ShootdownCase> OpenJudge()
    {
        Judge judge = new(new(Machine(system)));
        _judges.Add(judge);
        return judge;
    }

    public override IEnumerable<ShootdownCase> Simplify(ShootdownCase failing) =>
        ShootdownShrinks.Of(failing, _judges[0].ScheduleOf(failing));

    /// <summary>Whether the system has the door.</summary>
    public static bool IsFor(ISystem system)
    {
        using var machine = system.OpenShootdown();
        return machine is not null;
    }

    /// <summary>The law alone, with schedules of both kinds.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return Run(system, seed, length, workers, progress);
    }

    /// <summary>Runs the law, and adds what it counted to the report.</summary>
    public static CheckReport Run(
        ISystem system,
        ulong seed,
        RunLength length,
        int workers = 1,
        Action<long>? progress = null,
        ScheduleKind kind = ScheduleKind.Mixed)
    {
        ShootdownLaw law = new(system, kind);
        var report = CaseRunner.Run(law, system.Name, seed, length, workers, law.Print, progress);
        ShootdownCoverage all = new();
        foreach (var judge in law._judges)
        {
            all.Add(judge.Coverage);
        }

        return report with { Coverage = report.Failure is null ? all.Judge(report.Cases) : null };
    }

    /// <summary>The story of how programs fail under a schedule, or null when they do not.</summary>
    public static string? Refutation(ISystem system, in ShootdownProgram program, ImmutableArray<int> schedule)
    {
        using Judge judge = new(new(Machine(system)));
        ShootdownCase only = new(program, 0, ScheduleKind.Random, schedule);
        return judge.FirstFailure([only]) < 0 ? null : judge.Tell(only);
    }

    internal static IShootdownMachine Machine(ISystem system) => system.OpenShootdown()
        ?? throw new UserError($"The system {system.Name} has no door of shootdowns, so they cannot be checked.");

    private static ShootdownCapabilities CapabilitiesOf(ISystem system)
    {
        using var machine = Machine(system);
        return machine.Capabilities;
    }

    private string Print(ShootdownCase failing) =>
        ShootdownText.Print(failing.Program, _judges[0].ScheduleOf(failing));

    internal sealed class Judge(ShootdownTrial trial) : ICaseJudge<ShootdownCase>
    {
        public ShootdownCoverage Coverage => trial.Coverage;

        public int FirstFailure(ReadOnlySpan<ShootdownCase> cases)
        {
            for (int place = 0; place < cases.Length; place++)
            {
                if (trial.Run(cases[place].Program, cases[place].Strategy()) is not null)
                {
                    return place;
                }
            }

            return -1;
        }

        public ImmutableArray<int> ScheduleOf(in ShootdownCase failing)
        {
            if (!failing.IsRecorded)
            {
                trial.Run(failing.Program, failing.Strategy());
            }

            return failing.IsRecorded ? failing.Recorded : trial.Schedule;
        }

        public string Tell(in ShootdownCase failing) => Story(trial, failing.Program, failing.Strategy());

        public void Dispose() => trial.Dispose();
    }

    internal static string Story(ShootdownTrial trial, in ShootdownProgram program, IStrategy strategy)
    {
        List<string> lines = [];
        string? failure = trial.Run(program, strategy, lines);
        StringBuilder story = new();
        var start = program.Start;
        var mapped = Enumerable.Range(0, ShootdownCommand.Pages).Where(page => (start.Mapped >> page & 1) != 0);
        story.AppendLine($"{start.Cpus} CPU(s), {start.Spaces} space(s), mapped: {string.Join(", ", mapped)}");
        foreach (var command in program.Commands)
        {
            story.AppendLine($"  {command}");
        }

        story.AppendLine("What happens:");
        for (int number = 0; number < lines.Count; number++)
        {
            story.AppendLine($"  {number + 1}. {lines[number]}");
        }

        return story.Append(failure ?? "Nothing is wrong.").ToString();
    }
}
