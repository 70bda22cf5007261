namespace PageProof.Cli.Ablate;

/// <summary>Why a law is kept although no fault needs it alone.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Law">The law.</param>
/// <param name="Why">What it is worth, in a sentence or two.</param>
public sealed record LawArgument(string Domain, string Law, string Why);
