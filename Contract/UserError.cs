namespace PageProof.Contract;

/// <summary>
/// What the user gave, or the machine the user runs on, does not allow the work: one sentence that
/// names what is wrong, printed as it is.
/// </summary>
public sealed class UserError(string sentence) : Exception(sentence);
