using System.Globalization;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// A scene of lifted methods and nothing else: what a proof has asked of them is what a counterexample
/// tells, and every call is made again with the words of the counterexample.
/// </summary>
public class CodeScene(ProofSubject subject) : ProofScene(subject)
{
    private readonly List<CodeCall> _calls = [];
    private readonly List<Fact> _assumed = [];
    private readonly List<Fact> _wishes = [];

    /// <summary>The calls so far, in order.</summary>
    public IReadOnlyList<CodeCall> Calls => _calls;

    /// <inheritdoc/>
    public override IReadOnlyList<Fact> Preferences => _wishes;

    /// <summary>
    /// What every step assumes: what the types of Contract promise, where a field has room for more, and
    /// what all of the theorem is about.
    /// </summary>
    public Fact Domain => _assumed.Aggregate(True, (a, b) => a & b);

    /// <summary>Assumes something in every step from now on.</summary>
    public void Assume(Fact fact) => _assumed.Add(fact);

    /// <summary>Wants counterexamples of this kind, if there are any.</summary>
    public void Prefer(Fact fact) => _wishes.Add(fact);

    /// <summary>Any value of a parameter; its parts have names that begin with this one.</summary>
    public LiftedValue Any(string method, string parameter, string? name = null) =>
        Lifter.FreshParameter(method, parameter, name ?? parameter);

    /// <summary>The result of a method for these arguments.</summary>
    public LiftedValue Run(string method, params (string Parameter, LiftedValue Value)[] arguments)
    {
        var call = Call(method, arguments);
        _calls.Add(new(method, call));
        return call.Result!;
    }

    /// <summary>Whether a method says yes to these arguments.</summary>
    public Fact Says(string method, params (string Parameter, LiftedValue Value)[] arguments) =>
        FactOf(Run(method, arguments));

    /// <summary>A lifted number as a term.</summary>
    public Word WordOf(LiftedValue value, params string[] path) => new(Pool, value.At(path).Scalar!);

    /// <summary>A lifted truth as a term.</summary>
    public Fact FactOf(LiftedValue value, params string[] path) => !WordOf(value, path).Is(0);

    /// <summary>A term as the value of a parameter, or of a structure that holds one number only.</summary>
    public static LiftedValue Value(Word word) => Lifter.OfScalar(word.Term);

    /// <summary>A number as the value of a parameter.</summary>
    public LiftedValue Value(ulong number, int width) => Value(Number(number, width));

    /// <summary>A truth as the value of a parameter.</summary>
    public LiftedValue Value(Fact fact) => Value(fact.Choose(Number(1, 8), Number(0, 8)));

    /// <summary>The number behind a name of an enumeration in the code that the proof is about.</summary>
    /// <exception cref="LiftingException">There is none.</exception>
    public ulong NumberOf(string enumeration, string name)
    {
        var type = Subject.Loaded.SelectMany(assembly => assembly.GetTypes())
            .FirstOrDefault(type => type.IsEnum && type.Name == enumeration);
        return type is not null && Enum.TryParse(type, name, out object? found)
            ? Convert.ToUInt64(found, CultureInfo.InvariantCulture)
            : throw new LiftingException($"No loaded assembly has {enumeration}.{name}.");
    }

    /// <summary>The size of memory, for methods that read it: it reaches from 0 to here.</summary>
    public Word MemorySize => AnyWord(LiftOptions.MemorySize);

    /// <summary>Both are the same, part by part.</summary>
    public Fact AreSame(LiftedValue one, LiftedValue other) => new(Pool, one.IsEqualTo(Pool, other));

    /// <inheritdoc/>
    public override Counterexample Explain(IReadOnlyDictionary<Term, Value> model) =>
        CodeReplay.Of(this, new Evaluator(CompleteModel.Of(
            model, _calls.SelectMany(call => call.Terms).Append(MemorySize.Term))));
}

/// <summary>One call of a lifted method.</summary>
public sealed record CodeCall(string Method, LiftedCall Call)
{
    /// <summary>Every term of which a counterexample shows the value.</summary>
    public IEnumerable<Term> Terms => Call.Parameters.Values
        .SelectMany(value => value.Leaves.Select(leaf => leaf.Term))
        .Concat(Call.Result?.Leaves.Select(leaf => leaf.Term) ?? [])
        .Concat(Call.Obligations.Select(obligation => obligation.Holds));
}
