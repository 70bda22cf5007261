using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>What a call gives, for all values of the variables in its parameters.</summary>
/// <param name="Result">What it returns, unless it returns nothing.</param>
/// <param name="Memory">The memory after the call, if the method takes one.</param>
/// <param name="Obligations">What must hold for the call to end as told; else it throws.</param>
/// <param name="Parameters">What the parameters were, by name; <c>this</c> of a structure is one.</param>
/// <param name="Steps">How many instructions were executed.</param>
public sealed record LiftedCall(
    LiftedValue? Result,
    Term? Memory,
    IReadOnlyList<Obligation> Obligations,
    IReadOnlyDictionary<string, LiftedValue> Parameters,
    int Steps)
{
    /// <summary>What the parameters hold after the call that were passed by reference.</summary>
    public required IReadOnlyDictionary<string, LiftedValue> Outputs { get; init; }

    /// <summary>Whether the call throws.</summary>
    public Term Fails(TermPool pool) =>
        pool.Or([.. Obligations.Select(obligation => pool.Not(obligation.Holds))]);
}

/// <summary>What must hold at an instruction whenever it is reached.</summary>
/// <param name="Holds">That it is not reached, or does not fail.</param>
/// <param name="What">What would happen otherwise: one of the names of <see cref="Failure"/>.</param>
/// <param name="Method">The method of the instruction.</param>
/// <param name="Offset">The offset of the instruction.</param>
public sealed record Obligation(Term Holds, string What, string Method, int Offset)
{
    public override string ToString() => $"{What} in {Method} at IL_{Offset:x4}";
}

/// <summary>The ways in which an instruction fails.</summary>
public static class Failure
{
    public const string Throw = "throw";
    public const string Index = "index";
    public const string NullReference = "null reference";
    public const string DivisionByZero = "division by zero";
    public const string Overflow = "overflow";
    public const string CheckedConversion = "checked conversion";
    public const string LoopBound = "loop bound";
}
