namespace PageProof.SmtModels.Smt;

/// <summary>Writes assertions as an SMT-LIB 2.6 script.</summary>
public static class SmtLibPrinter
{
    /// <summary>The script up to and including its one <c>(check-sat)</c>.</summary>
    public static void Print(
        TextWriter writer, TermPool? pool, IReadOnlyList<Term> assertions, string? comment = null)
    {
        if (pool is not null && assertions.Any(assertion => assertion.Pool != pool))
        {
            throw new ArgumentException("An assertion belongs to another pool.", nameof(assertions));
        }

        foreach (string line in comment?.Split('\n') ?? [])
        {
            writer.Write($"; {line.TrimEnd()}\n");
        }

        new SmtLibScript(writer, assertions).Write();
    }

    /// <summary>A variable as it is named in the script.</summary>
    public static string Symbol(Term variable) => $"|{variable.Name}|";

    /// <summary>A sort as it is written in a script.</summary>
    public static string SortOf(Term term) =>
        term.Sort.IsBool ? "Bool"
        : term.Sort.IsMemory ? "(Array (_ BitVec 64) (_ BitVec 64))"
        : $"(_ BitVec {term.Width})";
}
