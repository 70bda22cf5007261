using System.Runtime.CompilerServices;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>Equality of values, part by part.</summary>
internal static class Equality
{
    public static Term Of(TermPool pool, MachineValue one, MachineValue other) => (one, other) switch
    {
        (ScalarValue a, ScalarValue b) when a.Term.Sort == b.Term.Sort => pool.Equal(a.Term, b.Term),
        (StructValue { Type.IsNullable: true } a, StructValue { Type.IsNullable: true } b) =>
            OfNullables(pool, a, b),
        (StructValue a, StructValue b) when a.Fields.Count == b.Fields.Count => All(pool, a.Fields, b.Fields),
        (SequenceValue a, SequenceValue b) when a.Count == b.Count => All(pool, a.Elements, b.Elements),
        (MemoryHandle, MemoryHandle) => pool.True,
        _ => throw new LiftingException("it compares values of which that cannot be said"),
    };

    /// <summary>Whether values of a type are equal when all their parts are: nobody said otherwise.</summary>
    public static bool IsByParts(ClrType type) => type.Kind switch
    {
        ClrKind.Integer => true,
        ClrKind.InlineArray => IsByParts(type.Element!),
        ClrKind.Struct => (type.IsNullable || type.Definition!.Methods.All(method =>
                method.Name != nameof(Equals) || method.IsStatic || method.CustomAttributes.Any(one =>
                    one.AttributeType.FullName == typeof(CompilerGeneratedAttribute).FullName)))
            && type.Fields.All(field => IsByParts(field.Type)),
        _ => false,
    };

    // What a nullable holds counts only if it holds something.
    private static Term OfNullables(TermPool pool, StructValue one, StructValue other)
    {
        var (isThere, content) = (one.Fields[0], one.Fields[1]);
        var isNothing = Of(pool, isThere, new ScalarValue(pool.BitVec(0, 8)));
        return pool.And(
            Of(pool, isThere, other.Fields[0]), pool.Or(isNothing, Of(pool, content, other.Fields[1])));
    }

    private static Term All(TermPool pool, IReadOnlyList<MachineValue> one, IReadOnlyList<MachineValue> other) =>
        pool.And([.. one.Zip(other, (a, b) => Of(pool, a, b))]);
}
