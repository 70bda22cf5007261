namespace PageProof.SmtModels.Solving;

/// <summary>
/// A solver cannot be used, or what it answers is no answer: the message is one sentence that says so.
/// </summary>
public sealed class SolverException(string sentence, Exception? cause = null) : Exception(sentence, cause);
