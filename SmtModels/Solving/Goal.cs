using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Solving;

/// <summary>The question whether assertions can all hold.</summary>
/// <param name="Pool">The pool of their terms.</param>
/// <param name="Assertions">The truths asked for.</param>
public sealed record Goal(TermPool Pool, IReadOnlyList<Term> Assertions);
