namespace PageProof.SmtModels.Smt;

/// <summary>The terms below some others.</summary>
public static class TermOrder
{
    /// <summary>Every term that the roots consist of, each once, arguments before what uses them.</summary>
    public static IReadOnlyList<Term> Below(IEnumerable<Term> roots)
    {
        var seen = new HashSet<Term>();
        var open = new Stack<Term>(roots);
        while (open.TryPop(out var term))
        {
            if (seen.Add(term))
            {
                foreach (var argument in term.Arguments)
                {
                    open.Push(argument);
                }
            }
        }

        // A term is made after its arguments.
        return [.. seen.OrderBy(term => term.Id)];
    }

    /// <summary>The variables that the roots depend on, the oldest first.</summary>
    public static IReadOnlyList<Term> VariablesOf(IEnumerable<Term> roots) =>
        [.. Below(roots).Where(term => term.Kind == TermKind.Variable)];
}
