namespace PageProof.SmtModels.Smt;

/// <content>Negation, conjunction and disjunction.</content>
public sealed partial class TermPool
{
    // Longer junctions are nested instead of flattened, so that a growing path condition costs no square.
    private const int JunctionMax = 64;
    private const int RoundsMax = 8;

    public Term Not(Term term)
    {
        ExpectBool(term);
        if (term.Negation is null)
        {
            var negation = Truth(TermKind.Not, term);
            negation.Negation = term;
            term.Negation = negation;
        }

        return term.Negation;
    }

    public Term And(params ReadOnlySpan<Term> terms) => Join(TermKind.And, terms.ToArray());

    public Term Or(params ReadOnlySpan<Term> terms) => Join(TermKind.Or, terms.ToArray());

    public Term Implies(Term premise, Term conclusion) => Or(Not(premise), conclusion);

    /// <summary>Whether exactly one of two truths holds.</summary>
    public Term Xor(Term one, Term other)
    {
        ExpectBool(one);
        return Not(Equal(one, other));
    }

    /// <summary>
    /// Conjunction and disjunction are each other's mirror image: what is said of one below holds of the
    /// other with truth and falsehood exchanged.
    /// </summary>
    private Term Join(TermKind kind, IReadOnlyList<Term> terms)
    {
        var neutral = Bool(kind == TermKind.And);
        for (int round = 0; ; round++)
        {
            if (Junction.Gather(this, kind, terms) is not { } junction)
            {
                return Not(neutral);
            }

            if (junction.Parts.Count < 2)
            {
                return junction.Parts.Count == 0 ? neutral : junction.Parts[0];
            }

            bool settled = round >= RoundsMax || _depth > DepthMax;
            if (settled || junction.Reduced() is not { } reduced)
            {
                return (settled ? null : Factored(kind, junction.Parts)) ?? Truth(kind, junction.Ordered());
            }

            terms = reduced;
        }
    }

    /// <summary>Or(And(p, x), And(p, y)) is And(p, Or(x, y)): what two paths share is said once.</summary>
    private Term? Factored(TermKind kind, IReadOnlyList<Term> parts)
    {
        var dual = Dual(kind);
        HashSet<Term> shared = [.. Factors(parts[0])];
        foreach (var part in parts.Skip(1))
        {
            shared.IntersectWith(Factors(part));
        }

        if (shared.Count == 0)
        {
            return null;
        }

        _depth++;
        var rests = parts.Select(part => Join(dual, [.. Factors(part).Where(factor => !shared.Contains(factor))]));
        var rest = Join(kind, [.. rests]);
        var factored = Join(dual, [.. shared, rest]);
        _depth--;
        return factored;

        IEnumerable<Term> Factors(Term part) => part.Kind == dual ? part.Arguments : [part];
    }

    private static TermKind Dual(TermKind kind) => kind == TermKind.And ? TermKind.Or : TermKind.And;

    /// <summary>The parts of a conjunction (or disjunction): flat, each once, and none with its negation.</summary>
    private sealed class Junction(TermPool pool, TermKind kind)
    {
        private readonly HashSet<Term> _present = [];
        private readonly Dictionary<Term, Term> _values = [];

        public List<Term> Parts { get; } = [];

        /// <summary>Null when the whole is false (true, for a disjunction).</summary>
        public static Junction? Gather(TermPool pool, TermKind kind, IReadOnlyList<Term> terms)
        {
            Junction junction = new(pool, kind);
            foreach (var term in terms)
            {
                ExpectBool(term);
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
            for (int index = 0; index < Parts.Count; index++)
            {
                var part = Parts[index];
                var reduced = Reduce(part);
                if (reduced != part)
                {
                    return [.. Parts[..index], reduced, .. Parts[(index + 1)..]];
                }
            }

            return null;
        }

        private bool Add(Term term, int depth)
        {
            if (term.IsConstant)
            {
                return term.IsTrue == (kind == TermKind.And);
            }

            bool fits = Parts.Count + term.Arguments.Count <= JunctionMax;
            if (term.Kind == kind && fits)
            {
                return term.Arguments.All(argument => Add(argument, depth + 1));
            }

            if (term.Kind == TermKind.Not && term.First.Kind == Dual(kind) && depth < RoundsMax
                && Parts.Count + term.First.Arguments.Count <= JunctionMax)
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
            return !IsEqualToConstant(fact) || _values.TryAdd(fact.Second, fact.First);
        }

        /// <summary>
        /// The part under the assumption that all others hold (fail, for a disjunction): otherwise the
        /// whole is decided without it.
        /// </summary>
        private Term Reduce(Term part)
        {
            var fact = part.Kind == TermKind.Not ? part.First : part;
            if (IsEqualToConstant(fact) && _values.TryGetValue(fact.Second, out var value) && value != fact.First)
            {
                return pool.Bool(fact != part);
            }

            if (part.IsIte)
            {
                return Decide(part.First) is { } truth ? (truth ? part.Second : part.Third) : part;
            }

            if (part.Kind != Dual(kind))
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

            return open.Count == part.Arguments.Count ? part : pool.Join(Dual(kind), open);
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
            return IsEqualToConstant(fact) && _values.TryGetValue(fact.Second, out var value) && value != fact.First
                ? fact != term
                : null;
        }
    }

    private static bool IsEqualToConstant(Term term) =>
        term.Kind == TermKind.Equal && term.First.IsConstant && term.First.Sort.IsBitVec;
}
