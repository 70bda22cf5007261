using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>References that are moved and taken for others.</summary>
internal static class PointerIntrinsics
{
    private const string Unsafe = "System.Runtime.CompilerServices.Unsafe::";

    public static IReadOnlyList<KeyValuePair<string, Intrinsic>> All { get; } =
    [
        new(Unsafe + "Add", call => call.Executor.Further(call.Arguments[0], call.Count(1))),
        new(Unsafe + "Subtract", call =>
            call.Executor.Further(call.Arguments[0], call.Pool.BvNeg(call.Count(1)))),
        new(Unsafe + "As", call => As(call, call.Site.MethodArguments)),
        new(Unsafe + "AsRef", call => call.Arguments[0]),
        new(Unsafe + "AsPointer", call => call.Arguments[0]),
        new(Unsafe + "SkipInit", _ => null),
        new(Unsafe + "IsNullRef", call => call.Truth(IsNull(call))),
        new(Unsafe + "SizeOf", call =>
            call.Word(call.Pool.BitVec((ulong)call.Site.MethodArguments[0].ByteSize, 32))),
        new(Unsafe + "BitCast", BitCast),
        new("System.Runtime.InteropServices.MemoryMarshal::GetArrayDataReference", call =>
            call.Executor.AsPointer(call.Arguments[0]).Select(location =>
                location.Then(PathStep.ToElement(call.Pool.BitVec(0, 64), isChecked: false)))),
    ];

    private static Term IsNull(IntrinsicCall call) => call.Pool.Or(
    [
        .. call.Executor.AsPointer(call.Arguments[0]).Targets
            .Where(target => target.Location is null).Select(target => target.Guard),
    ]);

    private static MachineValue As(IntrinsicCall call, IReadOnlyList<ClrType> types)
    {
        if (types is not [var from, var to])
        {
            throw new LiftingException("it takes an object for one of another type");
        }

        var steps = StepsTo(call.Pool, from, to)
            ?? throw new LiftingException($"it takes a {from} for a {to}");
        return call.Executor.AsPointer(call.Arguments[0]).Select(location => steps.Aggregate(
            location, (at, step) => at.Then(step)));
    }

    /// <summary>The way from a value to one of another type that begins at its beginning.</summary>
    private static IReadOnlyList<PathStep>? StepsTo(TermPool pool, ClrType from, ClrType to)
    {
        if (from == to || (from.Kind == ClrKind.Integer && to.Kind == ClrKind.Integer && from.Width == to.Width))
        {
            return [];
        }

        var (step, inner) = from.Kind switch
        {
            ClrKind.InlineArray => (PathStep.ToElement(pool.BitVec(0, 64), isChecked: false), from.Element),
            ClrKind.Struct when from.Fields.Count > 0 => (PathStep.ToField(from, 0), from.Fields[0].Type),
            _ => (default, null),
        };
        return inner is not null && StepsTo(pool, inner, to) is { } rest ? [step, .. rest] : null;
    }

    private static MachineValue BitCast(IntrinsicCall call)
    {
        var (from, to) = (call.Site.MethodArguments[0], call.Site.MethodArguments[1]);
        return call.Context.Wrapped(call.Context.WordIn(call.Element(0, from)), to);
    }
}
