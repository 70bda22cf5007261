using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>How methods are lifted.</summary>
public sealed record LiftOptions
{
    /// <summary>The variable of 64 bits below which there is memory, unless options say otherwise.</summary>
    public const string MemorySize = "memory.size";

    /// <summary>
    /// Whether there is memory at an address. Without it, that is so below the variable
    /// <see cref="MemorySize"/>.
    /// </summary>
    public Func<TermPool, Term, Term>? Contains { get; init; }

    /// <summary>
    /// How often a loop is entered again whose end depends on the variables. That it ends by then is an
    /// obligation. A loop that runs so many times whatever they are is unrolled to its end.
    /// </summary>
    public int LoopBound { get; init; } = 64;

    /// <summary>The most instructions that are executed for one call.</summary>
    public int StepLimit { get; init; } = 1_000_000;

    internal Term ContainsAt(TermPool pool, Term address) => Contains is { } contains
        ? contains(pool, address)
        : pool.Ult(address, pool.Variable(MemorySize, Sort.BitVec(64)));
}
