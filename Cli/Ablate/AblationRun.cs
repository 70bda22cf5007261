using System.Diagnostics;
using PageProof.Cli.Check;
using PageProof.Contract;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;

namespace PageProof.Cli.Ablate;

/// <summary>What came of putting the faults of a domain to each of its laws alone.</summary>
/// <param name="Row">What each law notices.</param>
/// <param name="Refuted">The laws that are refuted without a fault; there should be none.</param>
public sealed record AblationResult(AblationRow Row, IReadOnlyList<string> Refuted)
{
    /// <summary>The laws tell faults from their absence.</summary>
    public bool Holds => Refuted.Count == 0 && Row.Holds;
}

/// <summary>
/// Puts each fault of a domain to each of its laws alone. A law has as many cases as when all are run, and stops at
/// the first that refutes it.
/// </summary>
/// <param name="laws">The domain.</param>
/// <param name="cases">How many cases at most.</param>
/// <param name="seed">Their seed.</param>
public sealed class AblationRun(DomainLaws laws, long cases, ulong seed)
{
    /// <summary>The project whose faults are in what laws compare with, too.</summary>
    public const string Spec = "Spec";

    // The laws that have the least cases have an eighth of a run's.
    private const int SmallestShare = 8;

    private readonly PatchCompiler _compiler = PatchCompiler.OfRepository();

    /// <summary>Puts these faults; progress is told as the number of those that are done.</summary>
    public AblationResult Run(IReadOnlyList<Fault> faults, string revision, Action<long>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        long done = 0;
        var said = Workers.Each(faults, fault =>
        {
            var answers = Put(fault.Patch.Project, _compiler.Compile(fault.Patch), fault.Patch.File, cases);
            progress?.Invoke(Interlocked.Increment(ref done));
            return answers;
        });
        FaultRow[] rows = [.. faults.Zip(said, (fault, answers) => new FaultRow(
            fault.Patch.Name, fault.Patch.File, fault.Patch.Project, fault.Bug, NoticedIn(answers)))];
        string[] names = [.. said.SelectMany(answers => answers).Select(answer => answer.Key).Distinct()];
        string[] refuted = [.. rows.GroupBy(row => row.Project).SelectMany(ofOne => Control(ofOne.Key, ofOne))];
        AblationRow row = new(
            laws.Name, names, rows, cases, seed, revision, Math.Round(clock.Elapsed.TotalSeconds));
        return new(row, refuted);
    }

    // The sources as they are, put to every case at which a fault was noticed.
    private IEnumerable<string> Control(string project, IEnumerable<FaultRow> faults)
    {
        long shyest = faults.SelectMany(fault => fault.Noticed.Values).DefaultIfEmpty(cases).Max();
        long most = Math.Min(cases, SmallestShare * (shyest + 1));
        return NoticedIn(Put(project, _compiler.CompileControl(project), $"The unpatched {project}", most))
            .Select(noticed => $"{project} without a fault: {noticed.Key}, at case {noticed.Value}");
    }

    private List<KeyValuePair<string, long?>> Put(string project, string assembly, string subject, long most)
    {
        List<KeyValuePair<string, long?>> answers = [];
        try
        {
            if (project == Spec)
            {
                using SpecContext context = new(assembly);
                answers.AddRange(context.Put(laws.Name, seed, most));
            }
            else
            {
                using var loaded = SystemAssembly.Load(assembly);
                answers.AddRange(LawsAlone.Put(loaded.System, laws.Name, seed, most));
            }

            return answers;
        }
        catch (Exception broken) when (broken is not UserError)
        {
            throw new UserError(
                $"{subject} breaks a law's run instead of being refuted: {broken.GetType().Name}: {broken.Message}");
        }
    }

    // Several runs can be of one law: facts of several machines are.
    private static SortedDictionary<string, long> NoticedIn(List<KeyValuePair<string, long?>> answers) =>
        new(answers.Where(answer => answer.Value is not null)
            .GroupBy(answer => answer.Key, answer => answer.Value!.Value)
            .ToDictionary(ofLaw => ofLaw.Key, ofLaw => ofLaw.Min()), StringComparer.Ordinal);
}
