using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// Spans: a pointer to their first element, and a length. What is not listed here is run as compiled.
/// </summary>
internal static class SpanIntrinsics
{
    private const string Writable = "System.Span`1::";
    private const string ReadOnly = "System.ReadOnlySpan`1::";
    private const string First = "_reference";
    private const string Length = "_length";

    public static IReadOnlyList<KeyValuePair<string, Intrinsic>> All { get; } =
    [
        .. OfBoth(".ctor", Make),
        .. OfBoth("get_Item", call => Item(call)),
        .. OfBoth("CopyTo", Copy),
        new(Writable + "Fill", call => Fill(call, call.Element(1, ElementOf(call)))),
        new(Writable + "Clear", call => Fill(call, call.Context.Zero(ElementOf(call)))),
        new("System.Runtime.InteropServices.MemoryMarshal::GetReference", call => FirstOf(call.Arguments[0])),
        new("System.Runtime.InteropServices.MemoryMarshal::CreateSpan", Over),
        new("System.Runtime.InteropServices.MemoryMarshal::CreateReadOnlySpan", Over),
    ];

    public static StructValue Span(ClrType type, PointerValue first, Term length)
    {
        var fields = new MachineValue[2];
        fields[type.IndexOfField(First)] = first;
        fields[type.IndexOfField(Length)] = new ScalarValue(length);
        return new(type, fields);
    }

    public static PointerValue FirstOf(MachineValue span) => Part(span, First) as PointerValue
        ?? throw new LiftingException("a span points at nothing that is known");

    public static Term LengthOf(MachineValue span) => ((ScalarValue)Part(span, Length)).Term;

    private static MachineValue Part(MachineValue span, string name) => span is StructValue structure
        ? structure.Fields[structure.Type.IndexOfField(name)]
        : throw new LiftingException("it takes something else for a span");

    private static IEnumerable<KeyValuePair<string, Intrinsic>> OfBoth(string name, Intrinsic intrinsic) =>
        [new(Writable + name, intrinsic), new(ReadOnly + name, intrinsic)];

    private static ClrType ElementOf(IntrinsicCall call) => call.Site.Declaring.Arguments[0];

    private static StructValue Make(IntrinsicCall call)
    {
        var type = call.Site.Declaring;
        var pointer = call.Executor.AsPointer(call.Arguments[0]);
        var zero = call.Pool.BitVec(0, 64);
        return call.Site.Parameters switch
        {
            [{ Kind: ClrKind.Array }] when pointer.Targets is [{ Location: null }] =>
                (StructValue)call.Context.Zero(type),
            [{ Kind: ClrKind.Array }] => Span(type, FirstElement(pointer, zero), CountOf(call, pointer)),
            [{ Kind: ClrKind.Array }, _, _] => Part(call, pointer),
            [{ Kind: ClrKind.Pointer }, _] when call.Context.Types.Of(
                call.Site.Reference.Parameters[0].ParameterType, type.Scope).Element == TypeTable.Void =>
                    OverBytes(call, pointer),
            [{ Kind: ClrKind.Pointer }] => Span(type, pointer, call.Pool.BitVec(1, 32)),
            [{ Kind: ClrKind.Pointer }, _] => Span(type, pointer, call.Word(1)),
            _ => throw new LiftingException("it makes a span in a way that is not known"),
        };
    }

    private static PointerValue FirstElement(PointerValue array, Term index) =>
        array.Select(location => location.Then(PathStep.ToElement(index, isChecked: false)));

    private static Term CountOf(IntrinsicCall call, PointerValue array)
    {
        var count = call.Pool.BitVec(0, 32);
        foreach (var (guard, location) in call.Executor.Places(call.State, array))
        {
            int length = call.Executor.CountAt(call.State, location);
            count = call.Pool.Ite(guard, call.Pool.BitVec((ulong)length, 32), count);
        }

        return count;
    }

    /// <summary>A part of an array, which must lie within it.</summary>
    private static StructValue Part(IntrinsicCall call, PointerValue array)
    {
        var (start, length) = (call.Word(1), call.Word(2));
        var pool = call.Pool;
        var end = pool.BvAdd(pool.ZeroExtend(start, 64), pool.ZeroExtend(length, 64));
        var inside = pool.Ule(end, pool.ZeroExtend(CountOf(call, array), 64));
        call.Executor.Oblige(call.State, inside, Failure.Index);
        return Span(call.Site.Declaring, FirstElement(array, pool.ZeroExtend(start, 64)), length);
    }

    /// <summary>A block of bytes gets the type of the span; data of the assembly has it already.</summary>
    private static StructValue OverBytes(IntrinsicCall call, PointerValue pointer)
    {
        var element = ElementOf(call);
        var length = call.Word(1);
        if (pointer.Targets is [{ Location: { Kind: RootKind.Heap, Steps: [] } location }]
            && call.State.Heap.TryGetValue(location.Root, out var content) && content is RawBytes bytes)
        {
            call.State.Heap[location.Root] = call.Context.Zeros(element, bytes.Size / element.ByteSize);
            pointer = FirstElement(pointer, call.Pool.BitVec(0, 64));
        }

        ObligeRoom(call, pointer, length);
        return Span(call.Site.Declaring, pointer, length);
    }

    private static StructValue Over(IntrinsicCall call)
    {
        var first = call.Executor.AsPointer(call.Arguments[0]);
        ObligeRoom(call, first, call.Word(1));
        return Span(call.Site.Return, first, call.Word(1));
    }

    /// <summary>That so many elements follow each other at a place.</summary>
    private static void ObligeRoom(IntrinsicCall call, PointerValue first, Term length)
    {
        var pool = call.Pool;
        foreach (var (guard, location) in call.Executor.Places(call.State, first))
        {
            var room = pool.BitVec(1, 64);
            if (location.Steps.Count > 0 && location.Steps[^1].Element is { } index)
            {
                Location row = new(location.Kind, location.Root, [.. location.Steps.SkipLast(1)]);
                var count = pool.BitVec((ulong)call.Executor.CountAt(call.State, row), 64);
                call.Executor.Oblige(call.State, pool.Implies(guard, pool.Ule(index, count)), Failure.Index);
                room = pool.BvSub(count, index);
            }

            var fits = pool.Ule(pool.SignExtend(length, 64), room);
            call.Executor.Oblige(call.State, pool.Implies(guard, fits), Failure.Index);
        }
    }

    private static PointerValue Item(IntrinsicCall call)
    {
        var span = call.Read(call.Arguments[0]);
        var index = call.Word(1);
        call.Executor.Oblige(call.State, call.Pool.Ult(index, LengthOf(span)), Failure.Index);
        return call.Executor.Further(FirstOf(span), call.Pool.ZeroExtend(index, 64), isChecked: true);
    }

    private static int FixedLength(MachineValue span) => LengthOf(span) is { IsConstant: true } length
        ? (int)length.Value
        : throw new LiftingException("it goes through a span of a length that is not fixed");

    private static MachineValue? Copy(IntrinsicCall call)
    {
        var (from, to) = (call.Read(call.Arguments[0]), call.Arguments[1]);
        int count = FixedLength(from);
        var room = call.Pool.Ule(call.Pool.BitVec((ulong)count, 32), LengthOf(to));
        call.Executor.Oblige(call.State, room, Failure.Throw);

        // All are read before any is written, since the two may overlap.
        MachineValue[] copied = [.. Enumerable.Range(0, count).Select(index => call.Read(At(call, from, index)))];
        for (int index = 0; index < count; index++)
        {
            call.Write(At(call, to, index), copied[index]);
        }

        return null;
    }

    private static MachineValue? Fill(IntrinsicCall call, MachineValue value)
    {
        var span = call.Read(call.Arguments[0]);
        for (int index = 0; index < FixedLength(span); index++)
        {
            call.Write(At(call, span, index), value);
        }

        return null;
    }

    private static PointerValue At(IntrinsicCall call, MachineValue span, int index) =>
        call.Executor.Further(FirstOf(span), call.Pool.BitVec((ulong)index, 64));
}
