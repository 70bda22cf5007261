using Mono.Cecil;

namespace PageProof.SmtModels.Lifting;

/// <summary>What values of a type consist of.</summary>
internal enum ClrKind
{
    Void,

    /// <summary>An integer, a truth, a character or an enumeration.</summary>
    Integer,
    Struct,

    /// <summary>A structure that is a row of equal elements: [InlineArray], or a vector.</summary>
    InlineArray,
    Array,

    /// <summary>A reference to a location, or a pointer.</summary>
    Pointer,

    /// <summary>The memory of the machine, whatever type stands for it.</summary>
    Memory,

    /// <summary>An object, or something else into which nobody looks.</summary>
    Object,
}

/// <summary>A type without open parameters.</summary>
internal sealed class ClrType(ClrKind kind, string name)
{
    public ClrKind Kind { get; } = kind;

    public string Name { get; } = name;

    /// <summary>The bits of an integer where it is stored.</summary>
    public int Width { get; init; }

    public bool IsSigned { get; init; }

    public bool IsBool { get; init; }

    /// <summary>The type of the elements, or of what is pointed at.</summary>
    public ClrType? Element { get; init; }

    /// <summary>The number of elements of an inline array.</summary>
    public int Count { get; init; }

    public TypeDefinition? Definition { get; init; }

    // Survivor: parameters are mentioned only within generic types, and those are given arguments.
    public IReadOnlyList<ClrType> Arguments { get; init; } = [];

    public Func<ClrType, IReadOnlyList<ClrField>>? FieldsOf { get; init; }

    /// <summary>The fields of a structure, or of an object; nothing else is asked for them.</summary>
    // Survivor: the fields that are made again are the same, and nobody compares them by reference.
    public IReadOnlyList<ClrField> Fields => field ??= FieldsOf!(this);

    /// <summary>What the type parameters stand for in the members of this type.</summary>
    // Survivor: a member that is no method mentions no parameter of a method, or the reader refuses it.
    public GenericScope Scope => new(Arguments, []);

    /// <summary>The name of the definition, as the intrinsic operations are listed by it.</summary>
    public string DefinitionName => Definition?.FullName ?? Name;

    /// <summary>Whether values are objects whose fields are known.</summary>
    public bool HasFields => Kind == ClrKind.Struct || (Kind == ClrKind.Object && FieldsOf is not null);

    public bool IsNullable => DefinitionName == "System.Nullable`1";

    /// <summary>How many bytes a value takes.</summary>
    public int ByteSize => Kind switch
    {
        ClrKind.Integer => Width / 8,
        ClrKind.InlineArray => Count * Element!.ByteSize,
        ClrKind.Struct => AlignedUp(Math.Max(1, Fields.Aggregate(0, (size, one) =>
            AlignedUp(size, one.Type.Alignment) + one.Type.ByteSize)), Alignment),
        _ => sizeof(ulong),
    };

    private int Alignment => Kind switch
    {
        ClrKind.Integer => Width / 8,
        ClrKind.InlineArray => Element!.Alignment,
        ClrKind.Struct => Fields.Count == 0 ? 1 : Fields.Max(one => one.Type.Alignment),
        _ => sizeof(ulong),
    };

    public int IndexOfField(string fieldName)
    {
        for (int index = 0; index < Fields.Count; index++)
        {
            if (Fields[index].Name == fieldName)
            {
                return index;
            }
        }

        throw new LiftingException($"{Name} has no field {fieldName}.");
    }

    public override string ToString() => Name;

    private static int AlignedUp(int size, int alignment) => (size + alignment - 1) / alignment * alignment;
}

/// <summary>A field of a structure.</summary>
internal sealed record ClrField(string Name, ClrType Type)
{
    private const string BackingSuffix = ">k__BackingField";
    private const string CaptureSuffix = ">P";

    /// <summary>The name in the source: that of the property or parameter behind which the field stands.</summary>
    public string SourceName => Between(BackingSuffix) ?? Between(CaptureSuffix) ?? Name;

    private string? Between(string suffix) =>
        Name.StartsWith('<') && Name.EndsWith(suffix, StringComparison.Ordinal) ? Name[1..^suffix.Length] : null;
}

/// <summary>What the parameters of generic types and methods stand for.</summary>
internal readonly record struct GenericScope(
    IReadOnlyList<ClrType> TypeArguments, IReadOnlyList<ClrType> MethodArguments)
{
    public static GenericScope None => new([], []);
}
