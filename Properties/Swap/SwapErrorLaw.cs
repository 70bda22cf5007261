using PageProof.Contract;
using PageProof.Contract.Swap;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Swap;

/// <summary>A sequence, and which of its reads and writes fails.</summary>
/// <param name="Sequence">The sequence, in which nothing fails.</param>
/// <param name="Number">Which read or write, counted together; 0 for one after the other.</param>
public readonly record struct FailingInput(SwapSequence Sequence, long Number);

/// <summary>
/// Whichever read or write fails, nobody but the owner of its page is told, no other byte changes, and all pages come
/// back in the end. Each sequence is run once for each read and write that it makes.
/// </summary>
public sealed class SwapErrorLaw : CaseLaw<FailingInput>
{
    /// <summary>How many cases bring enough failures.</summary>
    public const long CasesToBind = 100;

    private readonly ISystem _system;
    private readonly SwapGenerator _generator;
    private readonly SwapSequence? _workload;
    private readonly int _step;
    private readonly List<SwapErrorJudge> _judges = [];

    private SwapErrorLaw(ISystem system, SwapSequence? workload = null, int step = 1)
    {
        var offered = SwapDoor.CapabilitiesOf(system);
        if (!offered.Fails)
        {
            throw new UserError($"Reads and writes of {system.Name} cannot be made to fail.");
        }

        (_system, _generator, _workload, _step) = (system, new(offered), workload, step);
    }

    public override string Name => "whichever read or write fails, only owners are told";

    public override int BatchSize => _workload is null ? 4 : 16;

    public override int LengthOf(in FailingInput asked) => asked.Sequence.Commands.Length;

    public override void Generate(ulong seed, long index, ref FailingInput unfolded) => unfolded = _workload is { } all
        ? new(all, index * _step + 1)
        : new(SwapWorkload.WithoutFailures(_generator.Generate(seed + 2, index)), 0);

    public override IEnumerable<FailingInput> Simplify(FailingInput failing) => _workload is not null ? []
        : SwapShrinks.Of(failing.Sequence).Select(simpler => new FailingInput(simpler, 0));

    public override ICaseJudge<FailingInput> OpenJudge()
    {
        SwapErrorJudge judge = new(new(SwapDoor.Open(_system), watchesTurns: false));
        _judges.Add(judge);
        return judge;
    }

    /// <summary>The law alone.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return new SwapErrorLaw(system).Run(seed, length, workers, progress);
    }

    /// <summary>The story of a sequence that goes wrong when one of its reads or writes fails, or null.</summary>
    public static string? Refutation(ISystem system, in SwapSequence asked)
    {
        SwapLaws.MustBeWithin(system, asked, SwapDoor.CapabilitiesOf(system));
        FailingInput all = new(SwapWorkload.WithoutFailures(asked), 0);
        using var judge = new SwapErrorLaw(system).OpenJudge();
        return judge.FirstFailure([all]) < 0 ? null : judge.Tell(all);
    }

    /// <summary>Runs one fixed workload, in which one read or write after the other fails.</summary>
    /// <param name="system">The system.</param>
    /// <param name="workers">How many are run at once.</param>
    /// <param name="step">Of how many reads and writes one fails.</param>
    /// <param name="progress">Is told how many have failed.</param>
    public static CheckReport RunWorkload(
        ISystem system, int workers = 1, int step = 1, Action<long>? progress = null)
    {
        var workload = SwapWorkload.Of(SwapDoor.CapabilitiesOf(system));
        SwapErrorLaw law = new(system, workload, step);
        using SwapErrorJudge judge = new(new(SwapDoor.Open(system), watchesTurns: false));
        return law.Run(0, RunLength.Of(judge.CountOf(workload) / step), workers, progress);
    }

    private CheckReport Run(ulong seed, RunLength length, int workers, Action<long>? progress)
    {
        var report = CaseRunner.Run(
            this, _system.Name, seed, length, workers, failing => SwapText.Print(failing.Sequence), progress);
        long failed = _judges.Sum(judge => judge.Failed), lost = _judges.Sum(judge => judge.Lost);
        bool isShort = report.Cases >= CasesToBind && Math.Min(failed, lost) < SwapCoverage.Floor;
        return report with
        {
            Commands = _judges.Sum(judge => judge.Commands),
            Coverage = report.Failure is null
                ? new(2, Math.Min(failed, lost), isShort ? [$"failed: {failed}, pages lost: {lost}"] : [], []) : null,
        };
    }
}

/// <summary>Runs a sequence again for each of its reads and writes, which fails then.</summary>
internal sealed class SwapErrorJudge(SwapJudge judge) : ICaseJudge<FailingInput>
{
    private SwapSequence _failing;

    // The reads and writes of the sequence that was counted last.
    private SwapSequence _counted;
    private (long Reads, long Writes) _counts;

    public long Commands => judge.Coverage.Commands;

    /// <summary>How many reads and writes have failed.</summary>
    public long Failed { get; private set; }

    /// <summary>How often processes were told of a page.</summary>
    public long Lost => judge.Coverage[SwapClass.LoadReadError] + judge.Coverage[SwapClass.LoadLost]
        + judge.Coverage[SwapClass.OutWriteError];

    /// <summary>How many reads and writes a sequence makes when none fails.</summary>
    public long CountOf(in SwapSequence sequence) =>
        judge.Refusal(sequence, tells: false) is null && judge.Last is { } last ? last.Reads + last.Writes : 0;

    public int FirstFailure(ReadOnlySpan<FailingInput> cases)
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

    public string Tell(in FailingInput failing)
    {
        Holds(failing);
        return judge.Tell(_failing);
    }

    public void Dispose() => judge.Dispose();

    private bool Holds(in FailingInput asked)
    {
        _failing = asked.Sequence;
        if (_counted != _failing)
        {
            if (judge.Refusal(_failing, tells: false) is not null)
            {
                return false;
            }

            (_counted, _counts) = (_failing, judge.Last is { } last ? (last.Reads, last.Writes) : default);
        }

        var (reads, writes) = _counts;
        long from = Math.Max(1, asked.Number), until = asked.Number == 0 ? reads + writes : asked.Number;
        for (long number = from; number <= Math.Min(until, reads + writes); number++)
        {
            SwapCommand fails = number <= reads
                ? new() { Kind = SwapCommandKind.FailRead, Value = (uint)number }
                : new() { Kind = SwapCommandKind.FailWrite, Value = (uint)(number - reads) };
            _failing = asked.Sequence with { Commands = asked.Sequence.Commands.Insert(0, fails) };
            Failed++;
            if (judge.Refusal(_failing, tells: false) is not null)
            {
                return false;
            }
        }

        return true;
    }
}
