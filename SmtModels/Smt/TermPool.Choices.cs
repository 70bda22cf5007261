namespace PageProof.SmtModels.Smt;

/// <content>Choices: ite over truths, words and memories.</content>
public sealed partial class TermPool
{
    // Two memories that differ in more writes than these are left as a choice between arrays.
    private const int WritesMax = 32;

    /// <summary>One term where the condition holds, and another where it does not.</summary>
    public Term Ite(Term condition, Term then, Term otherwise)
    {
        ExpectBool(condition);
        Expect(then.Sort == otherwise.Sort, otherwise, $"of sort {then.Sort}");
        if (condition.IsConstant)
        {
            return condition.IsTrue ? then : otherwise;
        }

        if (condition.Kind == TermKind.Not)
        {
            return Ite(condition.First, otherwise, then);
        }

        then = Assume(condition, true, then);
        otherwise = Assume(condition, false, otherwise);
        if (then == otherwise)
        {
            return then;
        }

        var simpler = then.Sort.IsBool ? TruthChoice(condition, then, otherwise)
            : then.Sort.IsMemory ? MemoryChoice(condition, then, otherwise)
            : null;
        return simpler ?? MergedChoice(condition, then, otherwise)
            ?? Intern(TermKind.Ite, then.Sort, [condition, then, otherwise]);
    }

    private Term? TruthChoice(Term condition, Term then, Term otherwise) =>
        then.IsTrue ? Or(condition, otherwise)
        : then.IsFalse ? And(Not(condition), otherwise)
        : otherwise.IsTrue ? Or(Not(condition), then)
        : otherwise.IsFalse ? And(condition, then)
        : then == Not(otherwise) ? Equal(condition, then)
        : null;

    /// <summary>A nested choice that ends in the same term is one choice on a joined condition.</summary>
    private Term? MergedChoice(Term condition, Term then, Term otherwise)
    {
        if (otherwise.IsIte && otherwise.Second == then)
        {
            return Ite(Or(condition, otherwise.First), then, otherwise.Third);
        }

        if (otherwise.IsIte && otherwise.Third == then)
        {
            return Ite(Or(condition, Not(otherwise.First)), then, otherwise.Second);
        }

        if (then.IsIte && then.Third == otherwise)
        {
            return Ite(And(condition, then.First), then.Second, otherwise);
        }

        return then.IsIte && then.Second == otherwise
            ? Ite(And(condition, Not(then.First)), then.Third, otherwise)
            : null;
    }

    /// <summary>The term without the choices that the condition makes for it.</summary>
    private Term Assume(Term condition, bool truth, Term term)
    {
        while (term.IsIte && Decide(condition, truth, term.First) is { } taken)
        {
            term = taken ? term.Second : term.Third;
        }

        return term.Sort.IsBool && Decide(condition, truth, term) is { } decided ? Bool(decided) : term;
    }

    /// <summary>Whether a truth follows from the condition, or its contrary does; null when neither is seen.</summary>
    private static bool? Decide(Term condition, bool truth, Term query)
    {
        if (condition.Kind == (truth ? TermKind.And : TermKind.Or))
        {
            foreach (var part in condition.Arguments)
            {
                if (DecideByOne(part, truth, query) is { } decided)
                {
                    return decided;
                }
            }
        }

        return DecideByOne(condition, truth, query);
    }

    private static bool? DecideByOne(Term condition, bool truth, Term query)
    {
        if (query == condition)
        {
            return truth;
        }

        if (query == condition.Negation)
        {
            return !truth;
        }

        var (fact, holds) = condition.Kind == TermKind.Not ? (condition.First, !truth) : (condition, truth);
        var (asked, positive) = query.Kind == TermKind.Not ? (query.First, false) : (query, true);
        bool excluded = holds && IsEqualToConstant(fact) && IsEqualToConstant(asked)
            && fact.Second == asked.Second && fact.First != asked.First;
        return excluded ? !positive : null;
    }

    /// <summary>
    /// A choice between two memories that share a past is a row of writes, each of which writes back
    /// what was there where it does not apply: so that a read meets writes only.
    /// </summary>
    private Term? MemoryChoice(Term condition, Term then, Term otherwise)
    {
        if (CommonPast(then, otherwise) is not { } past)
        {
            return null;
        }

        var memory = past;
        foreach (var write in Writes(then, past))
        {
            var kept = Select(memory, write.Second);
            memory = Store(memory, write.Second, Ite(condition, write.Third, kept));
        }

        foreach (var write in Writes(otherwise, past))
        {
            var kept = Select(memory, write.Second);
            memory = Store(memory, write.Second, Ite(condition, kept, write.Third));
        }

        return memory;
    }

    private static Term? CommonPast(Term one, Term other)
    {
        var seen = new HashSet<Term>();
        for (int count = 0; count <= WritesMax && seen.Add(one) && one.Kind == TermKind.Store; count++)
        {
            one = one.First;
        }

        for (int count = 0; count <= WritesMax; count++)
        {
            if (seen.Contains(other))
            {
                return other;
            }

            if (other.Kind != TermKind.Store)
            {
                return null;
            }

            other = other.First;
        }

        return null;
    }

    /// <summary>The writes since a past, the oldest first.</summary>
    private static Stack<Term> Writes(Term memory, Term past)
    {
        var writes = new Stack<Term>();
        for (; memory != past; memory = memory.First)
        {
            writes.Push(memory);
        }

        return writes;
    }

    /// <summary>
    /// Whether an operation with a constant should go into the branches: all leaves are constants, or
    /// one branch is, so that one choice remains as it was.
    /// </summary>
    private bool IsWorthEntering(Term term) =>
        term.IsIte && _depth < DepthMax
        && (term.ConstantLeaves > 0 || term.Second.IsConstant || term.Third.IsConstant);

    private Term Enter(Term choice, Func<Term, Term> operation)
    {
        _depth++;
        var entered = Ite(choice.First, operation(choice.Second), operation(choice.Third));
        _depth--;
        return entered;
    }
}
