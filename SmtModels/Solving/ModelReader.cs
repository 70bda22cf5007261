using System.Globalization;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Solving;

/// <summary>
/// Reads the answer of a solver to <c>(get-value (...))</c>: words in any notation, truths, memories as
/// writes into a constant one, and names given by <c>let</c>.
/// </summary>
internal static class ModelReader
{
    private const int NestingMax = 200;

    /// <summary>The value of each variable, or null when one is missing or cannot be read.</summary>
    public static IReadOnlyDictionary<Term, Value>? Read(SExpression answer, IReadOnlyList<Term> variables)
    {
        var values = new Dictionary<string, SExpression>(StringComparer.Ordinal);
        foreach (var pair in answer.Items)
        {
            if (pair.Items is [{ Atom: { } name }, var value])
            {
                values[name] = value;
            }
        }

        var model = new Dictionary<Term, Value>();
        foreach (var variable in variables)
        {
            if (!values.TryGetValue(variable.Name!, out var written)
                || Read(written, Scope.Empty, 0) is not { } value || !value.Fits(variable.Sort))
            {
                return null;
            }

            model.Add(variable, value);
        }

        return model;
    }

    private static Value? Read(SExpression written, Scope scope, int nesting)
    {
        if (nesting > NestingMax)
        {
            return null;
        }

        while (written.Begins("let"))
        {
            if (written.Items is not [_, var bindings, var body] || scope.With(bindings, nesting) is not { } inner)
            {
                return null;
            }

            scope = inner;
            written = body;
        }

        return written.Atom is { } atom ? scope.Find(atom) ?? ReadAtom(atom)
            : written.Begins("store") ? ReadStores(written, scope, nesting)
            : written.Items is [{ Items: [{ Atom: "as" }, { Atom: "const" }, _] }, var word]
                ? Read(word, scope, nesting + 1) is { IsMemory: false } everywhere
                    ? Value.Of(new MemoryValue(everywhere.Word))
                    : null
            : written.Items is [{ Atom: "_" }, { Atom: ['b', 'v', .. var digits] }, _]
                ? Number(digits, NumberStyles.None)
            : null;
    }

    private static Value? ReadStores(SExpression written, Scope scope, int nesting)
    {
        var stores = new Stack<(ulong Address, ulong Word)>();
        while (written.Begins("store"))
        {
            if (written.Items is not [_, var memory, var at, var word]
                || Read(at, scope, nesting + 1) is not { IsMemory: false } address
                || Read(word, scope, nesting + 1) is not { IsMemory: false } stored)
            {
                return null;
            }

            stores.Push((address.Word, stored.Word));
            written = memory;
        }

        return Read(written, scope, nesting + 1) is { IsMemory: true } below
            ? Value.Of(stores.Aggregate(below.Memory, (memory, store) => memory.With(store.Address, store.Word)))
            : null;
    }

    private static Value? ReadAtom(string atom) => atom switch
    {
        "true" => Value.Of(true),
        "false" => Value.Of(false),
        _ when atom.StartsWith("#x", StringComparison.Ordinal) => Number(atom[2..], NumberStyles.AllowHexSpecifier),
        _ when atom.StartsWith("#b", StringComparison.Ordinal) => Number(atom[2..], NumberStyles.AllowBinarySpecifier),
        _ => null,
    };

    private static Value? Number(string digits, NumberStyles style) =>
        ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out ulong word) ? Value.Of(word) : null;

    /// <summary>The names that <c>let</c> has given, the inner ones before the outer.</summary>
    private sealed class Scope(Scope? outer, Dictionary<string, Value> names)
    {
        public static Scope Empty { get; } = new(null, []);

        public Value? Find(string name)
        {
            for (var scope = this; scope is not null; scope = scope.Outer)
            {
                if (scope.Names.TryGetValue(name, out var value))
                {
                    return value;
                }
            }

            return null;
        }

        public Scope? With(SExpression bindings, int nesting)
        {
            var added = new Dictionary<string, Value>(StringComparer.Ordinal);
            foreach (var binding in bindings.Items)
            {
                if (binding.Items is not [{ Atom: { } name }, var written]
                    || Read(written, this, nesting + 1) is not { } value)
                {
                    return null;
                }

                added[name] = value;
            }

            return new(this, added);
        }

        private Scope? Outer => outer;

        private Dictionary<string, Value> Names => names;
    }
}
