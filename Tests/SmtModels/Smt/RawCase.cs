using System.Globalization;
using PageProof.SmtModels.Smt;

namespace PageProof.Tests.SmtModels.Smt;

/// <summary>Terms that were drawn, and what a pool has made of each.</summary>
internal sealed class RawCase
{
    private readonly Dictionary<RawTerm, Term> _built = new(ReferenceEqualityComparer.Instance);

    public RawCase(long index, int count = 60)
    {
        Index = index;
        Terms = RawTermGenerator.Draw(index, count, hasMemory: index % 3 == 0);
        foreach (var term in Terms)
        {
            _built[term] = Build(term);
        }
    }

    public long Index { get; }

    public TermPool Pool { get; } = new();

    public IReadOnlyList<RawTerm> Terms { get; }

    public Term Built(RawTerm term) => _built[term];

    /// <summary>The values that the reference gives, by the definition of each operation.</summary>
    public IReadOnlyDictionary<RawTerm, Value> Expected(Dictionary<string, Value> variables)
    {
        var values = new Dictionary<RawTerm, Value>(ReferenceEqualityComparer.Instance);
        foreach (var term in Terms)
        {
            values[term] = ValueOf(term);
        }

        return values;

        Value ValueOf(RawTerm term) => values.TryGetValue(term, out var value)
            ? value
            : values[term] = term.Evaluate(ValueOf, name => variables[name]);
    }

    public Dictionary<Term, Value> OfVariables(Dictionary<string, Value> variables) =>
        Terms.Where(term => term.Operation == RawOperation.Variable)
            .DistinctBy(term => term.Name)
            .ToDictionary(Built, term => variables[term.Name]);

    /// <summary>The term as it was asked for, with numbers for its arguments.</summary>
    public string Shown(RawTerm term) => string.Create(
        CultureInfo.InvariantCulture,
        $"case {Index}: {term.Operation} {term.Name}{term.Word:x} of {term.Sort} low {term.Low}"
        + $" ({string.Join(", ", term.Arguments.Select(argument => Built(argument)))}) built as {Built(term)}");

    private Term Build(RawTerm term) => _built.TryGetValue(term, out var built)
        ? built
        : _built[term] = term.Build(Pool, Build);
}
