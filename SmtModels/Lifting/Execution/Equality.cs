using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>Equality of values, part by part.</summary>
internal static class Equality
{
    public static Term Of(TermPool pool, MachineValue one, MachineValue other) => (one, other) switch
    {
        (ScalarValue a, ScalarValue b) when a.Term.Sort == b.Term.Sort => pool.Equal(a.Term, b.Term),
        (StructValue a, StructValue b) when a.Fields.Count == b.Fields.Count => All(pool, a.Fields, b.Fields),
        (SequenceValue a, SequenceValue b) when a.Count == b.Count => All(pool, a.Elements, b.Elements),
        (MemoryHandle, MemoryHandle) => pool.True,
        _ => throw new LiftingException("it compares values of which that cannot be said"),
    };

    private static Term All(TermPool pool, IReadOnlyList<MachineValue> one, IReadOnlyList<MachineValue> other) =>
        pool.And([.. one.Zip(other, (a, b) => Of(pool, a, b))]);
}
