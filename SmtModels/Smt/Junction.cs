namespace PageProof.SmtModels.Smt;

/// <summary>The parts of a conjunction (or disjunction): flat, each once, and none with its negation.</summary>
internal sealed class Junction(TermPool pool, TermKind kind)
{
    // Longer junctions are nested instead of flattened, so that a growing path condition costs no square.
    private const int PartsMax = 64;
    private const int DepthMax = 8;

    private readonly HashSet<Term> _present = [];
    private readonly Dictionary<Term, Term> _values = [];

    public List<Term> Parts { get; } = [];

    /// <summary>Null when the whole is false (true, for a disjunction).</summary>
    public static Junction? Gather(TermPool pool, TermKind kind, IReadOnlyList<Term> terms)
    {
        Junction junction = new(pool, kind);
        foreach (var term in terms)
        {
            if (!junction.Add(term, depth: 0))
            {
                return null;
            }
        }

        return junction;
    }

    public Term[] Ordered() => [.. Parts.OrderBy(part => part.Id)];

    /// <summary>The parts after each was read in the light of the others; null when that changed nothing.</summary>
    public IReadOnlyList<Term>? Reduced()
    {
        var all = new List<Term>();
        bool isChanged = false;
        foreach (var part in Parts)
        {
            var reduced = Reduce(part);
            all.Add(reduced);
            if (reduced != part)
            {
                // It was read in the light of others, which must not be read in its light in turn.
                _present.Remove(part);
                isChanged = true;
            }
        }

        return isChanged ? all : null;
    }

    private bool Add(Term term, int depth)
    {
        if (term.IsConstant)
        {
            return term.IsTrue == (kind == TermKind.And);
        }

        bool fits = Parts.Count + term.Arguments.Count <= PartsMax;
        if (term.Kind == kind && fits)
        {
            return term.Arguments.All(argument => Add(argument, depth + 1));
        }

        if (term.Kind == TermKind.Not && term.First.Kind == TermPool.Dual(kind) && depth < DepthMax
            && Parts.Count + term.First.Arguments.Count <= PartsMax)
        {
            return term.First.Arguments.All(argument => Add(pool.Not(argument), depth + 1));
        }

        return AddPart(term);
    }

    private bool AddPart(Term part)
    {
        if (_present.Contains(pool.Not(part)))
        {
            return false;
        }

        if (!_present.Add(part))
        {
            return true;
        }

        Parts.Add(part);
        var fact = kind == TermKind.And ? part : pool.Not(part);
        return !TermPool.IsEqualToConstant(fact) || _values.TryAdd(fact.Second, fact.First);
    }

    /// <summary>
    /// The part under the assumption that all others hold (fail, for a disjunction): otherwise the
    /// whole is decided without it.
    /// </summary>
    private Term Reduce(Term part)
    {
        var fact = part.Kind == TermKind.Not ? part.First : part;
        if (TermPool.IsEqualToConstant(fact) && _values.TryGetValue(fact.Second, out var value) && value != fact.First)
        {
            return pool.Bool(fact != part);
        }

        if (part.IsIte)
        {
            return Decide(part.First) is { } truth ? (truth ? part.Second : part.Third) : part;
        }

        if (part.Kind != TermPool.Dual(kind))
        {
            return part;
        }

        bool dualNeutral = kind == TermKind.Or;
        var open = new List<Term>();
        foreach (var argument in part.Arguments)
        {
            switch (Decide(argument))
            {
                case null:
                    open.Add(argument);
                    break;
                case { } truth when truth != dualNeutral:
                    return pool.Bool(truth);
            }
        }

        return open.Count == part.Arguments.Count ? part : pool.Join(TermPool.Dual(kind), open);
    }

    private bool? Decide(Term term)
    {
        if (_present.Contains(term))
        {
            return kind == TermKind.And;
        }

        if (_present.Contains(pool.Not(term)))
        {
            return kind == TermKind.Or;
        }

        var fact = term.Kind == TermKind.Not ? term.First : term;
        bool isOther = TermPool.IsEqualToConstant(fact)
            && _values.TryGetValue(fact.Second, out var value) && value != fact.First;
        return isOther ? fact != term : null;
    }
}
