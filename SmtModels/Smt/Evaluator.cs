namespace PageProof.SmtModels.Smt;

/// <summary>
/// The values of terms under one assignment. Each term is evaluated once, and however deep it is.
/// A variable that has no value, or one that its sort does not have, is an error.
/// </summary>
public sealed class Evaluator(IReadOnlyDictionary<Term, Value> variables)
{
    private readonly Dictionary<Term, Value> _values = [];

    public Value Evaluate(Term term)
    {
        var open = new Stack<Term>();
        open.Push(term);
        while (open.TryPeek(out var next))
        {
            if (_values.ContainsKey(next))
            {
                open.Pop();
            }
            else if (!PushOpenArguments(next, open))
            {
                _values.Add(next, Compute(next));
                open.Pop();
            }
        }

        return _values[term];
    }

    /// <summary>The word of a term that is no memory; 0 or 1 for a truth.</summary>
    public ulong EvaluateWord(Term term) => Evaluate(term).Word;

    private bool PushOpenArguments(Term term, Stack<Term> open)
    {
        int before = open.Count;
        foreach (var argument in term.Arguments)
        {
            if (!_values.ContainsKey(argument))
            {
                open.Push(argument);
            }
        }

        return open.Count > before;
    }

    private Value Compute(Term term) => term.Kind switch
    {
        TermKind.Variable => ValueOf(term),
        TermKind.Ite => _values[Word(term, 0) != 0 ? term.Second : term.Third],
        TermKind.Equal => Value.Of(_values[term.First] == _values[term.Second]),
        TermKind.Store => Value.Of(_values[term.First].Memory.With(Word(term, 1), Word(term, 2))),
        TermKind.ConstantMemory => Value.Of(new MemoryValue(Word(term, 0))),
        _ => Value.Of(ComputeWord(term)),
    };

    private ulong ComputeWord(Term term) => term.Kind switch
    {
        TermKind.Constant => term.Value,
        TermKind.Not => Word(term, 0) ^ 1,
        TermKind.And => term.Arguments.All(argument => _values[argument].IsTrue) ? 1UL : 0,
        TermKind.Or => term.Arguments.Any(argument => _values[argument].IsTrue) ? 1UL : 0,
        TermKind.BvNot => ~Word(term, 0) & term.Sort.Mask,
        TermKind.BvNeg => (0 - Word(term, 0)) & term.Sort.Mask,
        TermKind.Ult => Word(term, 0) < Word(term, 1) ? 1UL : 0,
        TermKind.Slt => Signed(term, 0) < Signed(term, 1) ? 1UL : 0,
        TermKind.Concat => (Word(term, 0) << term.Second.Width) | Word(term, 1),
        TermKind.Extract => (Word(term, 0) >> term.Low) & term.Sort.Mask,
        TermKind.ZeroExtend => Word(term, 0),
        TermKind.SignExtend => (ulong)Signed(term, 0) & term.Sort.Mask,
        TermKind.Select => _values[term.First].Memory[Word(term, 1)],
        _ => WordArithmetic.Apply(term.Kind, Word(term, 0), Word(term, 1), term.Width),
    };

    private Value ValueOf(Term variable)
    {
        if (!variables.TryGetValue(variable, out var value))
        {
            throw new KeyNotFoundException($"The variable {variable} has no value.");
        }

        return value.Fits(variable.Sort)
            ? value
            : throw new ArgumentException($"{value} is no value of {variable}, which is of sort {variable.Sort}.");
    }

    private ulong Word(Term term, int argument) => _values[term.Arguments[argument]].Word;

    private long Signed(Term term, int argument) =>
        WordArithmetic.Signed(Word(term, argument), term.Arguments[argument].Width);
}
