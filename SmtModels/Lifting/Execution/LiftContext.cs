using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>What all calls that one lifter makes have in common.</summary>
internal sealed class LiftContext
{
    private readonly Dictionary<ClrType, MachineValue> _zeros = [];
    private int _roots;

    public LiftContext(TermPool pool, LiftOptions options)
    {
        Pool = pool;
        Options = options;
        Types = new();
        Methods = new(Types);
        Values = new(pool);
        Merger = new(pool, Values);
        Statics = new(this);
    }

    public TermPool Pool { get; }

    public LiftOptions Options { get; }

    public TypeTable Types { get; }

    public MethodTable Methods { get; }

    public ValueMerger Values { get; }

    public StateMerger Merger { get; }

    public StaticData Statics { get; }

    /// <summary>Data that never changes, by root.</summary>
    public Dictionary<int, MachineValue> Constants { get; } = [];

    /// <summary>A root that no array has yet.</summary>
    public int NewRoot() => _roots++;

    /// <summary>The value of a type before anything is stored.</summary>
    public MachineValue Zero(ClrType type)
    {
        if (!_zeros.TryGetValue(type, out var zero))
        {
            zero = type.Kind switch
            {
                ClrKind.Integer => new ScalarValue(Pool.BitVec(0, type.Width)),
                ClrKind.Struct => new StructValue(type, [.. type.Fields.Select(field => Zero(field.Type))]),
                ClrKind.InlineArray => Zeros(type.Element!, type.Count),
                ClrKind.Memory => MemoryHandle.Instance,
                _ => new PointerValue(new Target(Pool.True, null)),
            };
            _zeros.Add(type, zero);
        }

        return zero;
    }

    public SequenceValue Zeros(ClrType element, int count) =>
        new([.. Enumerable.Repeat(Zero(element), count)]);

    /// <summary>A pointer that points nowhere else.</summary>
    public PointerValue PointerTo(Location location) => new(new Target(Pool.True, location));

    /// <summary>A value on the stack, as a place of that type stores it.</summary>
    public MachineValue Stored(MachineValue value, ClrType type)
    {
        if (type.Kind != ClrKind.Integer)
        {
            return value is ScalarValue && type.Kind != ClrKind.Object
                ? throw new LiftingException($"it takes a number for a value of {type}")
                : value;
        }

        if (value is not ScalarValue scalar)
        {
            throw new LiftingException($"it takes something else for a value of {type}");
        }

        // Survivor: where the widths are equal, to take all bits and to add none are the same term.
        return new ScalarValue(scalar.Term.Width > type.Width
            ? Pool.Extract(type.Width - 1, 0, scalar.Term)
            : Pool.SignExtend(scalar.Term, type.Width));
    }

    /// <summary>What a place of that type stores, as it is on the stack.</summary>
    public MachineValue Loaded(MachineValue value, ClrType type)
    {
        if (type.Kind != ClrKind.Integer)
        {
            return value is StructValue structure && structure.Type != type
                ? throw new LiftingException($"it takes a {structure.Type} for a {type}")
                : value;
        }

        if (value is not ScalarValue scalar || scalar.Term.Width != type.Width)
        {
            throw new LiftingException($"it reads something else as {type}");
        }

        int width = Math.Max(type.Width, 32);
        return new ScalarValue(
            type.IsSigned ? Pool.SignExtend(scalar.Term, width) : Pool.ZeroExtend(scalar.Term, width));
    }

    /// <summary>The number in a structure that holds nothing else.</summary>
    public Term WordIn(MachineValue value) => value switch
    {
        ScalarValue scalar => scalar.Term,
        StructValue { Fields: [var only] } => WordIn(only),
        _ => throw new LiftingException("it passes something that is no single number"),
    };

    /// <summary>A number as a structure that holds nothing else.</summary>
    public MachineValue Wrapped(Term word, ClrType type) => type switch
    {
        { Kind: ClrKind.Integer } when type.Width == word.Width => new ScalarValue(word),
        { Kind: ClrKind.Struct, Fields: [var only] } => new StructValue(type, [Wrapped(word, only.Type)]),
        _ => throw new LiftingException($"a number of {word.Width} bits is no {type}"),
    };
}
