using Mono.Cecil;
using PageProof.Contract.Paging;

namespace PageProof.SmtModels.Lifting;

/// <summary>The types that were met, each once.</summary>
internal sealed class TypeTable
{
    private const string InlineArrayAttribute = "System.Runtime.CompilerServices.InlineArrayAttribute";
    private const string VectorNamespace = "System.Runtime.Intrinsics";

    private static readonly Dictionary<string, (int Width, bool IsSigned)> Integers = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = (8, false),
        ["System.Char"] = (16, false),
        ["System.SByte"] = (8, true),
        ["System.Byte"] = (8, false),
        ["System.Int16"] = (16, true),
        ["System.UInt16"] = (16, false),
        ["System.Int32"] = (32, true),
        ["System.UInt32"] = (32, false),
        ["System.Int64"] = (64, true),
        ["System.UInt64"] = (64, false),
        ["System.IntPtr"] = (64, true),
        ["System.UIntPtr"] = (64, false),
    };

    private static readonly Dictionary<string, int> VectorBits = new(StringComparer.Ordinal)
    {
        ["Vector64`1"] = 64,
        ["Vector128`1"] = 128,
        ["Vector256`1"] = 256,
        ["Vector512`1"] = 512,
    };

    // Greater ones stand in damaged files only.
    private const int CountMax = 1 << 16;
    private const int NestingMax = 64;

    private readonly HashSet<ClrType> _open = [];
    private readonly Dictionary<string, ClrType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<(ClrKind Kind, ClrType Element), ClrType> _made = [];

    public static ClrType Void { get; } = new(ClrKind.Void, "System.Void");

    /// <summary>The memory of the machine.</summary>
    public static ClrType Memory { get; } = new(ClrKind.Memory, "memory");

    public static bool IsMemoryInterface(TypeReference reference) =>
        reference.FullName == typeof(IPhysicalMemory).FullName
        || reference.FullName == typeof(IMarkableMemory).FullName;

    /// <summary>The type that a reference means where its parameters stand for what the scope says.</summary>
    public ClrType Of(TypeReference reference, GenericScope scope)
    {
        switch (reference)
        {
            case GenericParameter parameter:
                var arguments = parameter.Type == GenericParameterType.Type
                    ? scope.TypeArguments
                    : scope.MethodArguments;
                return parameter.Position < arguments.Count
                    ? arguments[parameter.Position]
                    : throw new LiftingException($"The type parameter {parameter.Name} stands for no type.");
            case ByReferenceType or PointerType:
                return PointerTo(Of(((TypeSpecification)reference).ElementType, scope));
            case ArrayType { Rank: 1 } array:
                return ArrayOf(Of(array.ElementType, scope));
            case ArrayType or FunctionPointerType:
                return new(ClrKind.Object, reference.FullName);
            case GenericInstanceType instance:
                return Named(instance.ElementType, [.. instance.GenericArguments.Select(one => Of(one, scope))]);
            case TypeSpecification modified:
                return Of(modified.ElementType, scope);
            default:
                return Named(reference, []);
        }
    }

    public ClrType PointerTo(ClrType element) => Made(ClrKind.Pointer, element, element.Name + "&");

    public ClrType ArrayOf(ClrType element) => Made(ClrKind.Array, element, element.Name + "[]");

    /// <summary>A type by its definition and what its parameters stand for.</summary>
    public ClrType Named(TypeReference reference, IReadOnlyList<ClrType> arguments)
    {
        if (reference.FullName == Void.Name)
        {
            return Void;
        }

        if (IsMemoryInterface(reference))
        {
            return Memory;
        }

        var definition = reference.Resolve()
            ?? throw new LiftingException($"The type {reference.FullName} is not to be found.");
        var name = arguments.Count == 0
            ? definition.FullName
            : $"{definition.FullName}<{string.Join(',', arguments)}>";
        var key = $"{definition.Module.Name}:{name}";
        if (!_types.TryGetValue(key, out var type))
        {
            type = Make(definition, name, arguments);
            _types.Add(key, type);
        }

        return type;
    }

    private ClrType Make(TypeDefinition definition, string name, IReadOnlyList<ClrType> arguments)
    {
        if (Integers.TryGetValue(definition.FullName, out var integer))
        {
            return Integer(definition, integer.Width, integer.IsSigned);
        }

        if (definition.IsEnum)
        {
            // Survivor: where that field is missing, both ways of asking for it end in the same refusal.
            var underlying = Of(definition.Fields.Single(one => !one.IsStatic).FieldType, GenericScope.None);
            return Integer(definition, underlying.Width, underlying.IsSigned);
        }

        if (!definition.IsValueType || name is "System.Single" or "System.Double")
        {
            // What derives from another type has fields of that, and what may be derived from has others besides.
            bool isOwn = definition.IsSealed && definition.BaseType?.FullName == "System.Object";
            return new(ClrKind.Object, name)
            {
                Definition = definition,
                Arguments = arguments,
                FieldsOf = isOwn ? Fields : null,
            };
        }

        int bits = definition.Namespace == VectorNamespace ? VectorBits.GetValueOrDefault(definition.Name) : 0;
        var inline = definition.CustomAttributes.FirstOrDefault(one =>
            one.AttributeType.FullName == InlineArrayAttribute);
        if (bits == 0 && inline is null)
        {
            return new(ClrKind.Struct, name)
            {
                Definition = definition,
                Arguments = arguments,
                FieldsOf = Fields,
            };
        }

        // Survivor: without a field the refusal is the same, and a field mentions no parameter of a method.
        var element = bits > 0
            ? arguments[0]
            : Of(definition.Fields.Single(one => !one.IsStatic).FieldType, new(arguments, []));
        int count = inline is null
            ? bits / 8 / element.ByteSize
            : (int)inline.ConstructorArguments[0].Value;
        return new(ClrKind.InlineArray, name)
        {
            Definition = definition,
            Arguments = arguments,
            Element = element,
            Count = count is > 0 and <= CountMax
                ? count
                : throw new LiftingException($"{name} has {count} elements"),
        };
    }

    private static ClrType Integer(TypeDefinition definition, int width, bool isSigned) =>
        new(ClrKind.Integer, definition.FullName)
        {
            Definition = definition,
            Width = width,
            IsSigned = isSigned,
            IsBool = definition.FullName == "System.Boolean",
        };

    private List<ClrField> Fields(ClrType type)
    {
        var definitions = type.Definition!.Fields.Where(one => !one.IsStatic).ToList();
        if (type.Definition.IsExplicitLayout && definitions.Count > 1)
        {
            throw new LiftingException($"the fields of {type.Name} may overlap");
        }

        if (_open.Count == NestingMax || !_open.Add(type))
        {
            throw new LiftingException($"{type.Name} contains itself");
        }

        List<ClrField> fields = [.. definitions.Select(one => new ClrField(one.Name, Of(one.FieldType, type.Scope)))];
        foreach (var field in fields)
        {
            Enter(field.Type);
        }

        _open.Remove(type);
        return fields;
    }

    /// <summary>Looks at the fields of what a field contains, so that none is found to contain itself later.</summary>
    private static void Enter(ClrType type)
    {
        switch (type.Kind)
        {
            case ClrKind.Struct:
                _ = type.Fields;
                break;
            case ClrKind.InlineArray:
                Enter(type.Element!);
                break;
        }
    }

    private ClrType Made(ClrKind kind, ClrType element, string name)
    {
        if (!_made.TryGetValue((kind, element), out var type))
        {
            type = new(kind, name) { Element = element };
            _made.Add((kind, element), type);
        }

        return type;
    }
}
