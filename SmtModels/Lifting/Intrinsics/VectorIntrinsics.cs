using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>Vectors of integers, element by element.</summary>
internal static class VectorIntrinsics
{
    private static readonly string[] Types =
    [
        "Vector64", "Vector128", "Vector256", "Vector512", "Vector64`1", "Vector128`1", "Vector256`1", "Vector512`1",
    ];

    /// <summary>What is done for a method of a vector type; null if the method is run.</summary>
    public static Intrinsic? Find(string type, string method) => !Types.Contains(type) ? null : method switch
    {
        "get_IsHardwareAccelerated" or "get_IsSupported" => call => call.Truth(true),
        "get_Count" => call => call.Word(call.Pool.BitVec((ulong)call.Site.Declaring.Count, 32)),
        "get_Zero" => call => call.Context.Zero(call.Site.Return),
        "get_AllBitsSet" => call => Filled(call, ones => call.Pool.BvNot(ones)),
        "Create" => Create,
        "CreateScalar" => call => Row(call).With(0, call.Element(0, Element(call))),
        "LoadUnsafe" or "Load" => Load,
        "StoreUnsafe" => Store,
        "GetElement" or "get_Item" => GetElement,
        "WithElement" => call => RowOf(call, 0).With(Index(call, 1), call.Element(2, Element(call))),
        "ToScalar" => call => RowOf(call, 0).Elements[0],
        "ExtractMostSignificantBits" => Signs,
        "ConditionalSelect" => Select,
        "Sum" => call =>
            new ScalarValue(RowOf(call, 0).Elements.Select(call.Context.WordIn).Aggregate(call.Pool.BvAdd)),
        "EqualsAll" or "op_Equality" => call => call.Truth(Equality.Of(call.Pool, RowOf(call, 0), RowOf(call, 1))),
        "EqualsAny" => call => call.Truth(call.Pool.Or([.. Pairs(call, call.Pool.Equal)])),
        "op_OnesComplement" or "OnesComplement" => call => Mapped(call, call.Pool.BvNot),
        "op_UnaryNegation" or "Negate" => call => Mapped(call, call.Pool.BvNeg),
        _ => Shift(method) ?? Compare(method) ?? Combine(method),
    };

    private static Intrinsic? Combine(string method) => method switch
    {
        "op_Addition" or "Add" => call => Zipped(call, call.Pool.BvAdd),
        "op_Subtraction" or "Subtract" => call => Zipped(call, call.Pool.BvSub),
        "op_BitwiseAnd" or "BitwiseAnd" => call => Zipped(call, call.Pool.BvAnd),
        "op_BitwiseOr" or "BitwiseOr" => call => Zipped(call, call.Pool.BvOr),
        "op_ExclusiveOr" or "Xor" => call => Zipped(call, call.Pool.BvXor),
        "AndNot" => call => Zipped(call, (one, other) => call.Pool.BvAnd(one, call.Pool.BvNot(other))),
        "Min" => call => Zipped(call, (one, other) => call.Pool.Ite(Less(call, one, other), one, other)),
        "Max" => call => Zipped(call, (one, other) => call.Pool.Ite(Less(call, one, other), other, one)),
        _ => null,
    };

    private static Intrinsic? Compare(string method) => method switch
    {
        "Equals" => call => Masked(call, call.Pool.Equal),
        "LessThan" => call => Masked(call, (one, other) => Less(call, one, other)),
        "GreaterThan" => call => Masked(call, (one, other) => Less(call, other, one)),
        "LessThanOrEqual" => call => Masked(call, (one, other) => call.Pool.Not(Less(call, other, one))),
        "GreaterThanOrEqual" => call => Masked(call, (one, other) => call.Pool.Not(Less(call, one, other))),
        _ => null,
    };

    // The amount is taken modulo the width of an element.
    private static Intrinsic? Shift(string method) => method switch
    {
        "op_LeftShift" or "ShiftLeft" => call => Shifted(call, call.Pool.BvShl),
        "op_UnsignedRightShift" or "ShiftRightLogical" => call => Shifted(call, call.Pool.BvLshr),
        "op_RightShift" or "ShiftRightArithmetic" => call =>
            Shifted(call, Element(call).IsSigned ? call.Pool.BvAshr : call.Pool.BvLshr),
        _ => null,
    };

    private static SequenceValue Shifted(IntrinsicCall call, Func<Term, Term, Term> shift)
    {
        int width = Element(call).Width;
        var low = call.Pool.BvAnd(call.Word(1), call.Pool.BitVec((ulong)(width - 1), 32));
        var amount = width > 32 ? call.Pool.ZeroExtend(low, width) : call.Pool.Extract(width - 1, 0, low);
        return Mapped(call, word => shift(word, amount));
    }

    private static ClrType Element(IntrinsicCall call) => call.Site.Return.Element!;

    private static SequenceValue Row(IntrinsicCall call) => (SequenceValue)call.Context.Zero(call.Site.Return);

    private static SequenceValue RowOf(IntrinsicCall call, int index) =>
        (call.Arguments[index] is PointerValue pointer ? call.Read(pointer) : call.Arguments[index]) as SequenceValue
            ?? throw new LiftingException("it takes something else for a vector");

    private static SequenceValue Filled(IntrinsicCall call, Func<Term, Term> value) =>
        new([.. Row(call).Elements.Select(one => new ScalarValue(value(call.Context.WordIn(one))))]);

    private static SequenceValue Mapped(IntrinsicCall call, Func<Term, Term> map) =>
        new([.. RowOf(call, 0).Elements.Select(one => new ScalarValue(map(call.Context.WordIn(one))))]);

    private static IEnumerable<Term> Pairs(IntrinsicCall call, Func<Term, Term, Term> combine) =>
        RowOf(call, 0).Elements.Zip(RowOf(call, 1).Elements, (one, other) =>
            combine(call.Context.WordIn(one), call.Context.WordIn(other)));

    private static SequenceValue Zipped(IntrinsicCall call, Func<Term, Term, Term> combine) =>
        new([.. Pairs(call, combine).Select(word => new ScalarValue(word))]);

    private static SequenceValue Masked(IntrinsicCall call, Func<Term, Term, Term> holds)
    {
        int width = call.Site.Return.Element!.Width;
        return Zipped(call, (one, other) => call.Pool.Ite(
            holds(one, other), call.Pool.BitVec(ulong.MaxValue, width), call.Pool.BitVec(0, width)));
    }

    private static Term Less(IntrinsicCall call, Term one, Term other) =>
        call.Site.Parameters[0].Element!.IsSigned ? call.Pool.Slt(one, other) : call.Pool.Ult(one, other);

    private static MachineValue Create(IntrinsicCall call)
    {
        var type = call.Site.Return;
        var first = call.Site.Parameters[0];
        if (call.Arguments.Count == type.Count)
        {
            return new SequenceValue(
                [.. Enumerable.Range(0, type.Count).Select(one => call.Element(one, type.Element!))]);
        }

        if (first.DefinitionName.Contains("Span`1", StringComparison.Ordinal))
        {
            var count = call.Pool.BitVec((ulong)type.Count, 32);
            var enough = call.Pool.Not(call.Pool.Slt(SpanIntrinsics.LengthOf(call.Arguments[0]), count));
            call.Executor.Oblige(call.State, enough, Failure.Index);
            return ReadRow(call, SpanIntrinsics.FirstOf(call.Arguments[0]));
        }

        return call.Arguments.Count == 1 && first.Kind == ClrKind.Integer
            ? new SequenceValue([.. Enumerable.Repeat(call.Element(0, type.Element!), type.Count)])
            : call.Arguments is [SequenceValue low, SequenceValue high]
                ? new SequenceValue([.. low.Elements, .. high.Elements])
                : throw new LiftingException("it makes a vector in a way that is not known");
    }

    private static SequenceValue Load(IntrinsicCall call)
    {
        var first = call.Arguments[0];
        return ReadRow(call, call.Arguments.Count == 1 ? first : call.Executor.Further(first, call.Count(1)));
    }

    private static SequenceValue ReadRow(IntrinsicCall call, MachineValue first) =>
        new([.. Enumerable.Range(0, call.Site.Return.Count).Select(index =>
            call.Read(call.Executor.Further(first, call.Pool.BitVec((ulong)index, 64))))]);

    private static MachineValue? Store(IntrinsicCall call)
    {
        var first = call.Arguments.Count == 2
            ? call.Arguments[1]
            : call.Executor.Further(call.Arguments[1], call.Count(2));
        foreach (var (index, element) in RowOf(call, 0).Elements.Index())
        {
            call.Write(call.Executor.Further(first, call.Pool.BitVec((ulong)index, 64)), element);
        }

        return null;
    }

    private static int Index(IntrinsicCall call, int argument) =>
        call.Word(argument) is { IsConstant: true } index && index.Value < (ulong)RowOf(call, 0).Count
            ? (int)index.Value
            : throw new LiftingException("the index into a vector is not fixed, or is beyond its end");

    private static MachineValue GetElement(IntrinsicCall call) => RowOf(call, 0).Elements[Index(call, 1)];

    private static ScalarValue Signs(IntrinsicCall call)
    {
        var signs = RowOf(call, 0).Elements.Select(call.Context.WordIn)
            .Select(word => call.Pool.Extract(word.Width - 1, word.Width - 1, word));
        return call.Word(signs.Aggregate((low, next) => call.Pool.Concat(next, low)));
    }

    private static SequenceValue Select(IntrinsicCall call)
    {
        var masks = RowOf(call, 0).Elements.Select(call.Context.WordIn);
        var ones = RowOf(call, 1).Elements.Select(call.Context.WordIn);
        var others = RowOf(call, 2).Elements.Select(call.Context.WordIn);
        return new([.. masks.Zip(ones, others).Select(one => new ScalarValue(call.Pool.BvOr(
            call.Pool.BvAnd(one.First, one.Second),
            call.Pool.BvAnd(call.Pool.BvNot(one.First), one.Third))))]);
    }
}
