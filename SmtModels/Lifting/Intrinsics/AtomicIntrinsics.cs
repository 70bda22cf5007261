using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>Locked and ordered accesses: with one processor, they are accesses.</summary>
internal static class AtomicIntrinsics
{
    private const string Locked = "System.Threading.Interlocked::";
    private const string Ordered = "System.Threading.Volatile::";

    public static IReadOnlyList<KeyValuePair<string, Intrinsic>> All { get; } =
    [
        new(Ordered + "Read", call => call.Read(call.Arguments[0])),
        new(Ordered + "Write", call =>
        {
            call.Write(call.Arguments[0], Operand(call, 1));
            return null;
        }),
        new(Ordered + "ReadBarrier", _ => null),
        new(Ordered + "WriteBarrier", _ => null),
        new(Locked + "MemoryBarrier", _ => null),
        new(Locked + "Or", call => Change(call, call.Pool.BvOr, returnsOld: true)),
        new(Locked + "And", call => Change(call, call.Pool.BvAnd, returnsOld: true)),
        new(Locked + "Add", call => Change(call, call.Pool.BvAdd, returnsOld: false)),
        new(Locked + "Increment", call => Step(call, call.Pool.BvAdd)),
        new(Locked + "Decrement", call => Step(call, call.Pool.BvSub)),
        new(Locked + "Exchange", call => Change(call, (_, value) => value, returnsOld: true)),
        new(Locked + "CompareExchange", CompareExchange),
    ];

    /// <summary>An argument in the width of the location that is accessed.</summary>
    private static MachineValue Operand(IntrinsicCall call, int index) =>
        call.Context.Stored(call.Arguments[index], call.Site.Parameters[0].Element!);

    private static MachineValue Change(IntrinsicCall call, Func<Term, Term, Term> change, bool returnsOld)
    {
        var before = call.Read(call.Arguments[0]);
        var operand = Operand(call, 1);
        ScalarValue after = new(change(call.Context.WordIn(before), call.Context.WordIn(operand)));
        call.Write(call.Arguments[0], after);
        return returnsOld ? before : after;
    }

    private static ScalarValue Step(IntrinsicCall call, Func<Term, Term, Term> change)
    {
        var before = call.Context.WordIn(call.Read(call.Arguments[0]));
        ScalarValue after = new(change(before, call.Pool.BitVec(1, before.Width)));
        call.Write(call.Arguments[0], after);
        return after;
    }

    private static MachineValue CompareExchange(IntrinsicCall call)
    {
        var before = call.Read(call.Arguments[0]);
        var isExpected = Equality.Of(call.Pool, before, Operand(call, 2));
        call.Write(call.Arguments[0], call.Context.Values.Merge(isExpected, Operand(call, 1), before));
        return before;
    }
}
