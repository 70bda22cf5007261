using PageProof.Contract;
using PageProof.Mutation.Domain;
using PageProof.SmtModels.Solving;

namespace PageProof.Cli.Mutate;

/// <summary>Which of all mutants are judged.</summary>
/// <param name="Every">Only every so many, from the first.</param>
/// <param name="Only">Only those of one mutator; null for all.</param>
public sealed record DomainSelection(int Every, string? Only)
{
    /// <exception cref="UserError">There is no such mutator.</exception>
    public IReadOnlyList<DomainMutant> Of(IReadOnlyList<DomainMutant> mutants) =>
        Only is null || DomainMutations.Mutators.Contains(Only)
            ? [.. mutants.Where(mutant => Only is null || mutant.Mutator == Only)
                .Where((_, index) => index % Every == 0)]
            : throw new UserError(
                $"There is no mutator '{Only}': they are {string.Join(", ", DomainMutations.Mutators)}.");
}

/// <summary>
/// Judges the domain mutants of the shipped code: changes of single instructions of compiled methods, each
/// put to the theorem about them where there is one, and to cases.
/// </summary>
public sealed class DomainRun(Terminal terminal, string domain, ulong seed)
{
    private const string Folder = "report/mutation";

    /// <summary>Runs, prints and reports, and gives the exit code.</summary>
    /// <param name="selection">Which mutants.</param>
    /// <param name="json">Where the report goes, as for all commands.</param>
    /// <param name="quiet">Whether to show no progress.</param>
    /// <param name="cancellation">Stops the run.</param>
    public int Run(DomainSelection selection, string? json, bool quiet, CancellationToken cancellation)
    {
        try
        {
            return Judge(selection, json, quiet, cancellation);
        }
        catch (SolverException refusal)
        {
            throw new UserError(refusal.Message);
        }
    }

    private int Judge(DomainSelection selection, string? json, bool quiet, CancellationToken cancellation)
    {
        using var target = DomainTarget.Of(domain, seed);
        using var mutations = target.Open();
        var mutants = selection.Of(mutations.Mutants);
        Progress shown = new(terminal, quiet);

        // A judge that does not pass what it must pass is not worth asking anything else.
        var control = shown.Run(
            "the code without a mutant", 0, _ => DomainHunt.Control(mutations, target.JudgeControl, cancellation));
        if (control.Fate != target.Control)
        {
            throw new UserError($"Without a mutant its judge does not pass the code: {control.Reason}");
        }

        var hunt = shown.Run(
            "domain mutants",
            mutants.Count,
            progress => DomainHunt.Run(mutations, mutants, target.Judge, progress.Report, cancellation));
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
