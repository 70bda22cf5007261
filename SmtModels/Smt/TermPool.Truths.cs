namespace PageProof.SmtModels.Smt;

/// <content>Negation, conjunction and disjunction.</content>
public sealed partial class TermPool
{
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
    internal Term Join(TermKind kind, IReadOnlyList<Term> terms)
    {
        foreach (var term in terms)
        {
            ExpectBool(term);
        }

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

    internal static TermKind Dual(TermKind kind) => kind == TermKind.And ? TermKind.Or : TermKind.And;

    internal static bool IsEqualToConstant(Term term) =>
        term.Kind == TermKind.Equal && term.First.IsConstant && term.First.Sort.IsBitVec;
}
