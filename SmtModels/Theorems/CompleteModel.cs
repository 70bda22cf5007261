using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// A solver's model with zero for each variable that its goal did not speak of: any value would do.
/// </summary>
public static class CompleteModel
{
    /// <summary>The model with a value for every variable in the terms.</summary>
    public static IReadOnlyDictionary<Term, Value> Of(
        IReadOnlyDictionary<Term, Value> model, IEnumerable<Term> terms)
    {
        Dictionary<Term, Value> complete = new(model);
        HashSet<Term> seen = [];
        Stack<Term> open = new(terms);
        while (open.TryPop(out var term))
        {
            if (!seen.Add(term))
            {
                continue;
            }

            if (term.Kind == TermKind.Variable)
            {
                complete.TryAdd(term, term.Sort.IsMemory ? Value.Of(new MemoryValue(0)) : Value.Of(0));
            }

            foreach (var argument in term.Arguments)
            {
                open.Push(argument);
            }
        }

        return complete;
    }
}
