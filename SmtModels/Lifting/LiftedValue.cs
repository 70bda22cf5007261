using System.Collections.Immutable;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// A value as a tree of terms: an integer, the fields of a structure by the names of their properties,
/// the elements of a row as <c>[0]</c>, <c>[1]</c> and so on, or a memory. Integers have the width in
/// which they are stored; a truth is a word of 8 bits that is 0 or 1.
/// </summary>
public sealed class LiftedValue
{
    private readonly MachineValue? _value;

    internal LiftedValue(MachineValue value) => _value = value;

    internal LiftedValue(Term scalar) => Scalar = scalar;

    /// <summary>The term of an integer or a memory; null for a structure.</summary>
    public Term? Scalar
    {
        get => field ?? (_value as ScalarValue)?.Term;
        private init;
    }

    /// <summary>All integers in it, with the names on the way to them joined by dots.</summary>
    public IReadOnlyList<(string Path, Term Term)> Leaves =>
        _value is null ? [("", Scalar!)] : [.. LeavesOf(_value, [])];

    /// <summary>The part that a path of names leads to.</summary>
    /// <exception cref="LiftingException">There is no such part.</exception>
    public LiftedValue At(params string[] path)
    {
        var value = _value;
        foreach (var name in path)
        {
            value = Part(value, name);
        }

        return value is null ? this : new(value);
    }

    /// <summary>That both are the same, integer by integer.</summary>
    public Term IsEqualTo(TermPool pool, LiftedValue other) =>
        _value is not null && other._value is not null
            ? Equality.Of(pool, _value, other._value)
            : pool.Equal(Single(this), Single(other));

    /// <summary>The value with another part where a path of names leads.</summary>
    public LiftedValue With(string[] path, LiftedValue part) => path.Length == 0
        ? part
        : new(Replaced(_value, path, part));

    /// <summary>The value in a place where one like another is expected.</summary>
    internal MachineValue As(ClrType type, LiftContext context)
    {
        if (_value is not null and not ScalarValue)
        {
            return _value;
        }

        var word = Scalar!;
        return context.Wrapped(
            word.Sort.IsBool ? context.Pool.Ite(word, context.Pool.BitVec(1, 8), context.Pool.BitVec(0, 8)) : word,
            type);
    }

    private static Term Single(LiftedValue value) => value.Leaves is [var only]
        ? only.Term
        : throw new LiftingException("A structure is compared with a single number.");

    private static MachineValue Part(MachineValue? value, string name) => value switch
    {
        StructValue structure => structure.Fields[IndexOf(structure, name)],
        SequenceValue row => row.Elements[IndexOf(row, name)],
        _ => throw new LiftingException($"There is no {name} in a single number."),
    };

    private static MachineValue Replaced(MachineValue? value, ReadOnlySpan<string> path, LiftedValue part)
    {
        if (path.IsEmpty)
        {
            return (value, part) switch
            {
                (ScalarValue old, { Scalar: { } term }) when term.Sort == old.Term.Sort => new ScalarValue(term),
                (StructValue, { _value: StructValue }) or (SequenceValue, { _value: SequenceValue }) => part._value,
                (StructValue { Fields: [var only] } old, { Scalar: not null }) =>
                    old.With(0, Replaced(only, path, part)),
                _ => throw new LiftingException("A part of a value is replaced by one of another type."),
            };
        }

        var rest = path[1..];
        return value switch
        {
            StructValue structure when IndexOf(structure, path[0]) is var index =>
                structure.With(index, Replaced(structure.Fields[index], rest, part)),
            SequenceValue row when IndexOf(row, path[0]) is var index =>
                row.With(index, Replaced(row.Elements[index], rest, part)),
            _ => throw new LiftingException($"There is no {path[0]} in a single number."),
        };
    }

    private static int IndexOf(StructValue structure, string name)
    {
        for (int index = 0; index < structure.Fields.Count; index++)
        {
            var field = structure.Type.Fields[index];
            if (field.SourceName == name || field.Name == name)
            {
                return index;
            }
        }

        throw new LiftingException($"{structure.Type} has no {name}.");
    }

    private static int IndexOf(SequenceValue row, string name) =>
        int.TryParse(name.Trim('[', ']'), out int index) && index >= 0 && index < row.Count
            ? index
            : throw new LiftingException($"There is no element {name}.");

    private static IEnumerable<(string, Term)> LeavesOf(MachineValue value, ImmutableList<string> path) => value switch
    {
        ScalarValue scalar => [(string.Join('.', path), scalar.Term)],
        StructValue structure => structure.Fields.SelectMany((field, index) =>
            LeavesOf(field, path.Add(structure.Type.Fields[index].SourceName))),
        SequenceValue row => row.Elements.SelectMany((element, index) => LeavesOf(element, path.Add($"[{index}]"))),
        MemoryHandle => [],
        _ => throw new LiftingException("A reference has no integers in it."),
    };
}
