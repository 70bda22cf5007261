using System.Diagnostics;
using System.Runtime.ExceptionServices;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace PageProof.Properties.Harness;

/// <summary>How much of a law is run: a number of cases, as many as fit into a time, or until it is enough.</summary>
public sealed record RunLength(long? Cases, TimeSpan? Budget)
{
    /// <summary>Is asked between stretches of cases, which are always the same ones.</summary>
    public Func<bool>? Enough { get; private init; }

    public static RunLength Until(Func<bool> enough) => new(null, null) { Enough = enough };

    public static RunLength Of(long cases) => new(cases, null);

    public static RunLength Within(TimeSpan budget) => new(null, budget);
}

/// <summary>
/// Runs a law under FsCheck. A test of FsCheck is a batch: its size tells the batch's number, from
/// which the cases unfold; FsCheck runs the batches, stops at the first that fails, and shrinks it:
/// first to its failing case of the lowest number, then to simpler cases.
/// </summary>
public static class CaseRunner
{
    // Of a run that is asked whether it is enough.
    private const long BatchesAtOnce = 4;

    /// <summary>Runs the law; progress is told as the number of cases done.</summary>
    public static CheckReport Run<TCase>(
        CaseLaw<TCase> law,
        string system,
        ulong seed,
        RunLength length,
        int workers,
        Func<TCase, string> print,
        Action<long>? progress = null)
        where TCase : struct
    {
        using var run = new Run<TCase>(law, seed, length.Cases ?? long.MaxValue, workers, progress);
        var clock = Stopwatch.StartNew();
        long batches = 0;
        while (run.Failing is null && run.CasesBefore(batches) < run.CasesWanted
            && (length.Budget is null || clock.Elapsed < length.Budget) && length.Enough?.Invoke() != true)
        {
            // Stretches of growing length, so that a time limit is looked at often, and cheaply.
            long wanted = length.Enough is not null ? batches + BatchesAtOnce
                : length.Budget is null ? run.BatchesWanted : batches + 1 + batches / 8;
            long until = Math.Min(wanted, Math.Min(run.BatchesWanted, batches + int.MaxValue / 2));
            run.Stretch(batches, until);
            batches = until;
        }

        var failure = run.Failing is { } trial
            ? new CheckFailure(run.FailingIndex, run.Tell(trial), print(trial), run.Shrinks)
            {
                Length = law.LengthOf(trial),
            }
            : null;
        return new(law.Name, system, seed, run.CasesDone, clock.Elapsed, failure);
    }
}

/// <summary>A batch that is to be unfolded, or one case that is written out.</summary>
internal sealed record Trial<TCase>(long Batch, TCase? Case)
    where TCase : struct;

/// <summary>One run of a law: the judges of its workers, and what FsCheck found.</summary>
internal sealed class Run<TCase> : IRunner, IDisposable
    where TCase : struct
{
    private const int CandidatesAtOnce = 1024;

    private readonly CaseLaw<TCase> _law;
    private readonly ulong _seed;
    private readonly Action<long>? _progress;
    private readonly Worker[] _workers;
    private ExceptionDispatchInfo? _thrown;

    public Run(CaseLaw<TCase> law, ulong seed, long casesWanted, int workers, Action<long>? progress)
    {
        (_law, _seed, CasesWanted, _progress) = (law, seed, casesWanted, progress);
        _workers = [.. Enumerable.Range(0, workers).Select(_ => new Worker(law))];
    }

    public long CasesWanted { get; }

    public long BatchesWanted => CasesWanted / _law.BatchSize + (CasesWanted % _law.BatchSize == 0 ? 0 : 1);

    public long CasesDone { get; private set; }

    public TCase? Failing { get; private set; }

    public long FailingIndex { get; private set; }

    public int Shrinks { get; private set; }

    public long CasesBefore(long batch) => batch * _law.BatchSize;

    public void Stretch(long from, long until)
    {
        int count = (int)(until - from);
        var config = Config.Default.WithRunner(this).WithMaxTest(count).WithStartSize(0).WithEndSize(count)
            .WithReplay(_seed, _seed | 1).WithQuietOnSuccess(true);
        // FsCheck counts the size up from 1, by one each test.
        var trials = Gen.Sized(size => Gen.Constant(new Trial<TCase>(from + size - 1, null)));
        var holds = Guard(Holds, false);
        Check.One("batches", config, Prop.ForAll(Arb.From(trials, ShrinkLater), holds));
        _thrown?.Throw();
    }

    public string Tell(in TCase failing) => _workers[0].Judge.Tell(failing);

    public void Dispose()
    {
        foreach (var worker in _workers)
        {
            worker.Judge.Dispose();
        }
    }

    void IRunner.OnStartFixture(Type t)
    {
    }

    void IRunner.OnArguments(
        int nTest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
    {
    }

    void IRunner.OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink) => Shrinks++;

    void IRunner.OnFinished(string name, TestResult result)
    {
        switch (result)
        {
            case TestResult.Failed failed:
                Failing = ((Trial<TCase>)failed.Item3.Head).Case;
                break;
            case TestResult.Exhausted:
                throw new UnreachableException("No batch is ever discarded.");
        }
    }

    // FsCheck takes an exception for a refutation; here it is a system that broke, which ends the run.
    private Func<Trial<TCase>, TResult> Guard<TResult>(Func<Trial<TCase>, TResult> step, TResult broken) => trial =>
    {
        if (_thrown is not null)
        {
            return broken;
        }

        try
        {
            return step(trial);
        }
        catch (Exception exception)
        {
            _thrown = ExceptionDispatchInfo.Capture(
                exception is AggregateException { InnerExceptions: [var first, ..] } ? first : exception);
            return broken;
        }
    };

    private bool Holds(Trial<TCase> trial)
    {
        if (trial.Case is { } single)
        {
            return _workers[0].Judge.FirstFailure([single]) < 0;
        }

        long failing = FirstFailure(trial.Batch);
        if (failing >= 0)
        {
            FailingIndex = failing;
            return false;
        }

        CasesDone += CountOf(trial.Batch);
        _progress?.Invoke(CasesDone);
        return true;
    }

    // FsCheck asks for the shrinks of every test before it runs it, and enumerates those of a failing one.
    private IEnumerable<Trial<TCase>> ShrinkLater(Trial<TCase> trial)
    {
        foreach (var simpler in Guard<IEnumerable<Trial<TCase>>>(Shrink, [])(trial))
        {
            yield return simpler;
        }
    }

    // Candidates are judged together, and only one that fails is handed on: a system that has to
    // start a machine for every question would otherwise take minutes to shrink.
    private IEnumerable<Trial<TCase>> Shrink(Trial<TCase> trial)
    {
        if (trial.Case is not { } failing)
        {
            TCase found = default;
            _law.Generate(_seed, FailingIndex, ref found);
            return [trial with { Case = found }];
        }

        foreach (var candidates in _law.Simplify(failing).Chunk(CandidatesAtOnce))
        {
            int simpler = _workers[0].Judge.FirstFailure(candidates);
            if (simpler >= 0)
            {
                return [trial with { Case = candidates[simpler] }];
            }
        }

        return [];
    }

    private int CountOf(long batch) => (int)Math.Min(_law.BatchSize, CasesWanted - CasesBefore(batch));

    /// <summary>The lowest number of a failing case of the batch, whatever the number of workers.</summary>
    private long FirstFailure(long batch)
    {
        long first = CasesBefore(batch);
        int count = CountOf(batch);
        int share = (count + _workers.Length - 1) / _workers.Length;
        var failures = new long[_workers.Length];
        Parallel.For(0, _workers.Length, new ParallelOptions { MaxDegreeOfParallelism = _workers.Length }, number =>
        {
            long from = first + Math.Min(count, number * share);
            int length = (int)Math.Min(share, first + count - from);
            int place = length <= 0 ? -1 : _workers[number].FirstFailure(_seed, from, length);
            failures[number] = place < 0 ? -1 : from + place;
        });
        return failures.Where(failure => failure >= 0).DefaultIfEmpty(-1).Min();
    }

    private sealed class Worker(CaseLaw<TCase> law)
    {
        private TCase[] _cases = [];

        public ICaseJudge<TCase> Judge { get; } = law.OpenJudge();

        public int FirstFailure(ulong seed, long from, int length)
        {
            if (_cases.Length < length)
            {
                _cases = new TCase[length];
            }

            for (int place = 0; place < length; place++)
            {
                law.Generate(seed, from + place, ref _cases[place]);
            }

            return Judge.FirstFailure(_cases.AsSpan(0, length));
        }
    }
}
