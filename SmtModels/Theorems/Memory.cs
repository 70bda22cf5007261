using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// All of memory as one term: a word for each address. Words that two names reach may be the same one.
/// </summary>
public readonly struct Memory(TermPool pool, Term term)
{
    private readonly TermPool _pool = pool;

    /// <summary>The term itself.</summary>
    public Term Term { get; } = term;

    /// <summary>The word at an address.</summary>
    public Word this[Word address] => new(_pool, _pool.Select(Term, address.Term));

    /// <summary>The same memory with another word at one address.</summary>
    public Memory With(Word address, Word content) =>
        new(_pool, _pool.Store(Term, address.Term, content.Term));
}
