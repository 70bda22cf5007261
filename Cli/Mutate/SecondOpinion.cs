using PageProof.Mutation.Judging;

namespace PageProof.Cli.Mutate;

/// <summary>
/// Judges again, each in a process of its own, every mutant that Stryker did not see killed, and some
/// of those that it did. Its runner for this test platform keeps one process for many mutants, and
/// after one of them has hung or crashed, it has been seen to call the next ones survivors, and slow
/// survivors timeouts. Should any of the kills not be confirmed, all of them are judged again.
/// </summary>
public sealed class SecondOpinion(string root, MutationTarget target)
{
    private const int KillsAudited = 24;

    /// <summary>The mutants with the fates that the second judge gives them.</summary>
    public MutationResult Of(
        MutationResult first, Action<long, long> progress, CancellationToken cancellation)
    {
        using MutantJudge judge = new(root, target.Folder.Split('/')[0], target.Lane, SameAssemblies.IsProved);
        judge.CheckControl(cancellation);
        var killed = first.Mutants.Where(mutant => mutant.Fate == MutantFate.Killed).ToList();
        int step = Math.Max(1, killed.Count / KillsAudited);
        var audited = killed.Where((_, index) => index % step == 0).ToHashSet();
        var again = first.Mutants.Where(mutant => audited.Contains(mutant)
            || mutant.Fate is not (MutantFate.Killed or MutantFate.Argued)).ToList();
        var fates = Judge(judge, again, progress, cancellation);
        if (audited.Any(mutant => !IsNoticed(fates[mutant])))
        {
            var rest = killed.Where(mutant => !audited.Contains(mutant)).ToList();
            foreach (var (mutant, fate) in Judge(judge, rest, progress, cancellation))
            {
                fates[mutant] = fate;
            }
        }

        return first with
        {
            Mutants = [.. first.Mutants.Select(mutant =>
                fates.TryGetValue(mutant, out var fate) ? mutant with { Fate = fate } : mutant)],
            JudgedTwice = fates.Count,
            Contradicted = fates.Count(each => IsNoticed(each.Key.Fate) != IsNoticed(each.Value)),
        };
    }

    private static Dictionary<Mutant, MutantFate> Judge(
        MutantJudge judge, List<Mutant> mutants, Action<long, long> progress, CancellationToken cancellation)
    {
        long done = 0;
        Lock gate = new();
        Dictionary<Mutant, MutantFate> fates = [];
        Parallel.ForEach(
            mutants,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = Environment.ProcessorCount,
                CancellationToken = cancellation,
            },
            mutant =>
            {
                var verdict = judge.Judge(mutant.File, mutant.Text, cancellation);
                lock (gate)
                {
                    fates[mutant] = FateOf(verdict);
                    progress(++done, mutants.Count);
                }
            });
        return fates;
    }

    private static bool IsNoticed(MutantFate fate) =>
        fate is MutantFate.Killed or MutantFate.TimedOut or MutantFate.Crashed;

    private static MutantFate FateOf(Verdict verdict) => verdict switch
    {
        Verdict.NotCompiling => MutantFate.NotCompiling,
        Verdict.SameCode => MutantFate.SameCode,
        Verdict.Equivalent => MutantFate.Proved,
        Verdict.Killed => MutantFate.Killed,
        Verdict.TimedOut => MutantFate.TimedOut,
        Verdict.OutOfClock => MutantFate.OutOfClock,
        Verdict.Crashed => MutantFate.Crashed,
        _ => MutantFate.Survived,
    };
}
