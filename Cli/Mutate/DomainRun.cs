using PageProof.Contract;
using PageProof.Implementation;
using PageProof.Mutation.Domain;
using PageProof.SmtModels.Paging;
using PageProof.SmtModels.Solving;

namespace PageProof.Cli.Mutate;

/// <summary>
/// Judges the domain mutants of the shipped code: changes of single instructions of the compiled
/// methods that a theorem is about, each put to that theorem.
/// </summary>
public sealed class DomainRun(Terminal terminal, string domain, ulong seed)
{
    private const string Folder = "report/mutation";

    /// <summary>The mutants of the walk that ships.</summary>
    public static DomainMutations OpenMutations() => DomainMutations.OfLifted(
        typeof(ImplementationSystem).Assembly.Location,
        PagingMethods.ImplementationWalk(4),
        PagingMethods.ImplementationWalk(5));

    /// <summary>Runs, prints and reports, and gives the exit code.</summary>
    /// <param name="every">Only every so many mutants, from the first.</param>
    /// <param name="json">Where the report goes, as for all commands.</param>
    /// <param name="quiet">Whether to show no progress.</param>
    /// <param name="cancellation">Stops the run.</param>
    public int Run(int every, string? json, bool quiet, CancellationToken cancellation)
    {
        try
        {
            return Judge(every, json, quiet, cancellation);
        }
        catch (SolverException refusal)
        {
            throw new UserError(refusal.Message);
        }
    }

    private int Judge(int every, string? json, bool quiet, CancellationToken cancellation)
    {
        using var mutations = OpenMutations();
        var mutants = mutations.Mutants.Where((_, index) => index % every == 0).ToList();
        var judge = TheoremJudge.OfWalk(new CaseJudge(domain, seed).Judge);
        Progress shown = new(terminal, quiet);

        // A judge that does not pass what it must pass is not worth asking anything else.
        var control = shown.Run(
            "the walk without a mutant", 0, _ => DomainHunt.Control(mutations, judge.JudgeControl, cancellation));
        if (control.Fate != DomainFate.Equivalent)
        {
            throw new UserError($"Without a mutant the theorem is not proved: {control.Reason}");
        }

        var hunt = shown.Run(
            "domain mutants",
            mutants.Count,
            progress => DomainHunt.Run(mutations, mutants, judge.Judge, progress.Report, cancellation));
        if (json != JsonFile.ToOutput)
        {
            new DomainTable(terminal).Print(hunt);
            terminal.Output.WriteLine($"Each of them, with what became of it: {Keep(hunt)}");
        }

        DomainTable.ReportOf(hunt, seed).Write(terminal, json);
        return hunt.Survivors.Any() ? ExitCode.Refuted : ExitCode.Held;
    }

    private string Keep(DomainHunt hunt)
    {
        Directory.CreateDirectory(Folder);
        string file = $"{Folder}/{domain}-domain.txt";
        File.WriteAllLines(file, hunt.Outcomes.Select(outcome => $"{outcome.Verdict.Fate}: {outcome}"));
        return file;
    }
}
