using Mono.Cecil;

namespace PageProof.Mutation.Domain;

/// <summary>What the evaluation stack knows of a value. Source: ECMA-335, I.12.3.2.1.</summary>
internal enum StackKind
{
    /// <summary>32 bits, and everything narrower.</summary>
    Int32,
    /// <summary>64 bits.</summary>
    Int64,
    /// <summary>As wide as an address.</summary>
    Native,
    /// <summary>A floating-point number.</summary>
    Float,
    /// <summary>A managed pointer.</summary>
    Reference,
    /// <summary>An object.</summary>
    Object,
    /// <summary>A struct, or whatever stands for a type parameter.</summary>
    Value,
}

/// <summary>Finds the kind of a type.</summary>
internal static class StackKinds
{
    /// <summary>The kind of a value of this type on the stack.</summary>
    public static StackKind Of(TypeReference type)
    {
        type = Bare(type);
        switch (type.MetadataType)
        {
            case MetadataType.Boolean or MetadataType.Char or MetadataType.SByte or MetadataType.Byte
                or MetadataType.Int16 or MetadataType.UInt16 or MetadataType.Int32 or MetadataType.UInt32:
                return StackKind.Int32;
            case MetadataType.Int64 or MetadataType.UInt64:
                return StackKind.Int64;
            case MetadataType.IntPtr or MetadataType.UIntPtr or MetadataType.Pointer or MetadataType.FunctionPointer:
                return StackKind.Native;
            case MetadataType.Single or MetadataType.Double:
                return StackKind.Float;
            case MetadataType.ByReference:
                return StackKind.Reference;
            case MetadataType.ValueType:
                return type.Resolve() is { IsEnum: true } known ? Of(UnderlyingTypeOf(known)) : StackKind.Value;
            case MetadataType.GenericInstance:
                return type.IsValueType ? StackKind.Value : StackKind.Object;
            case MetadataType.Var or MetadataType.MVar or MetadataType.TypedByReference:
                return StackKind.Value;
            default:
                return StackKind.Object;
        }
    }

    /// <summary>Whether a value of this type is true or false.</summary>
    public static bool IsTruth(TypeReference type) => Bare(type).MetadataType == MetadataType.Boolean;

    /// <summary>Whether a value of this type is a set of bits: it is unsigned, or an enumeration of flags.</summary>
    public static bool IsBits(TypeReference type)
    {
        type = Bare(type);
        return type.MetadataType is MetadataType.UInt32 or MetadataType.UInt64
            || (type.MetadataType == MetadataType.ValueType && type.Resolve() is { IsEnum: true } known
                && known.CustomAttributes.Any(mark => mark.AttributeType.Name == nameof(FlagsAttribute)));
    }

    /// <summary>The type as it stands in <paramref name="member"/>, with the type arguments put in.</summary>
    public static TypeReference In(MemberReference member, TypeReference type)
    {
        var bare = Bare(type);
        return bare switch
        {
            GenericParameter { Type: GenericParameterType.Method } parameter
                when member is GenericInstanceMethod method => method.GenericArguments[parameter.Position],
            GenericParameter { Type: GenericParameterType.Type } parameter
                when member.DeclaringType is GenericInstanceType owner => owner.GenericArguments[parameter.Position],
            _ => bare,
        };
    }

    private static TypeReference Bare(TypeReference type)
    {
        while (type is IModifierType or PinnedType)
        {
            type = ((TypeSpecification)type).ElementType;
        }

        return type;
    }

    private static TypeReference UnderlyingTypeOf(TypeDefinition enumeration) =>
        enumeration.Fields.First(field => !field.IsStatic).FieldType;
}
