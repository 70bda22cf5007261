using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// What a proof speaks of: its own pool of terms, and what it has lifted so far. A domain adds the
/// words of its own, and tells counterexamples in them.
/// </summary>
public abstract class ProofScene : IDisposable
{
    private readonly AssemblySet _assemblies;
    private readonly List<Term> _obligations = [];

    protected ProofScene(ProofSubject subject)
    {
        Subject = subject;
        _assemblies = new([.. subject.Files]);
        Lifter = new(Pool, _assemblies);
    }

    /// <summary>Where the terms are from.</summary>
    public TermPool Pool { get; } = new();

    /// <summary>The code that the proof is about.</summary>
    public ProofSubject Subject { get; }

    /// <summary>Makes terms of compiled methods.</summary>
    public Lifter Lifter { get; }

    /// <summary>A fact that always holds, to begin a list with.</summary>
    public Fact True => new(Pool, Pool.True);

    /// <summary>No call that was lifted so far throws, leaves an array, or divides by zero.</summary>
    public Fact NothingThrows => new(Pool, Pool.And([.. _obligations]));

    /// <summary>The same of the calls from some place in their order on; and the place behind the last.</summary>
    public (Fact Nothing, int Next) NothingThrowsFrom(int first) =>
        (new(Pool, Pool.And([.. _obligations.Skip(first)])), _obligations.Count);

    /// <summary>
    /// What makes a counterexample easier to read and to run, the most wanted first. The first that some
    /// counterexample meets is the one that counts.
    /// </summary>
    public virtual IReadOnlyList<Fact> Preferences => [];

    /// <summary>Shows a counterexample in words, and runs the code on it.</summary>
    public abstract Counterexample Explain(IReadOnlyDictionary<Term, Value> model);

    /// <summary>A number of so many bits.</summary>
    public Word Number(ulong value, int width = 64) => new(Pool, Pool.BitVec(value, width));

    /// <summary>Any number of so many bits.</summary>
    public Word AnyWord(string name, int width = 64) => new(Pool, Pool.Variable(name, Sort.BitVec(width)));

    /// <summary>Any truth value.</summary>
    public Fact AnyFact(string name) => new(Pool, Pool.Variable(name, Sort.Bool));

    /// <summary>The result of a method for these arguments; what may throw in it is kept in mind.</summary>
    public LiftedCall Call(string method, params (string Parameter, LiftedValue Value)[] arguments)
    {
        var call = Lifter.Lift(method, arguments);
        _obligations.AddRange(call.Obligations.Select(obligation => obligation.Holds));
        return call;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _assemblies.Dispose();
        GC.SuppressFinalize(this);
    }
}
