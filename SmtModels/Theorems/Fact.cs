using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Theorems;

/// <summary>A boolean term with the operators that a statement is written in.</summary>
public readonly struct Fact(TermPool pool, Term term)
{
    private readonly TermPool _pool = pool;

    /// <summary>The term itself.</summary>
    public Term Term { get; } = term;

    public static Fact operator &(Fact left, Fact right) => new(left._pool, left._pool.And(left.Term, right.Term));

    public static Fact operator |(Fact left, Fact right) => new(left._pool, left._pool.Or(left.Term, right.Term));

    public static Fact operator !(Fact fact) => new(fact._pool, fact._pool.Not(fact.Term));

    /// <summary>This, and then that as well.</summary>
    public Fact Implies(Fact then) => new(_pool, _pool.Implies(Term, then.Term));

    /// <summary>Both or neither.</summary>
    public Fact Iff(Fact other) => new(_pool, _pool.Equal(Term, other.Term));

    /// <summary>One word where this holds, and another where it does not.</summary>
    public Word Choose(Word then, Word otherwise) => new(_pool, _pool.Ite(Term, then.Term, otherwise.Term));
}
