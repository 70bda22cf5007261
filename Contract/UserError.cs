namespace PageProof.Contract;

/// <summary>
/// What a user gave cannot be used, or what the machine lacks: the message is one sentence that says
/// so. The tool prints it and exits with 2.
/// </summary>
public sealed class UserError(string sentence) : Exception(sentence);
