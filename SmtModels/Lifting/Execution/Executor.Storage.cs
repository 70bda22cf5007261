using System.Numerics;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <content>Reads and writes through pointers.</content>
internal sealed partial class Executor
{
    /// <summary>What is stored where a pointer points.</summary>
    public MachineValue Read(MachineState state, MachineValue pointer)
    {
        MachineValue? read = null;
        foreach (var (guard, location) in Places(state, pointer))
        {
            var value = Follow(state, guard, RootOf(state, location), location.Steps, 0);
            read = read is null ? value : Context.Values.Merge(guard, value, read);
        }

        return read ?? new OpaqueValue("what is at no place");
    }

    /// <summary>Stores where a pointer points.</summary>
    public void Write(MachineState state, MachineValue pointer, MachineValue value)
    {
        foreach (var (guard, location) in Places(state, pointer))
        {
            var before = RootOf(state, location);
            var after = Context.Values.Merge(
                guard, Replace(state, guard, before, location.Steps, 0, value), before);
            if (location.Kind == RootKind.Cell)
            {
                state.Cells[location.Root] = after;
            }
            else if (state.Heap.ContainsKey(location.Root))
            {
                state.Heap[location.Root] = after;
            }
            else
            {
                throw Outside("it writes data that is taken to be constant");
            }
        }
    }

    /// <summary>Makes an array, or a block of bytes.</summary>
    public PointerValue Allocate(MachineState state, MachineValue content)
    {
        int root = Context.NewRoot();
        state.Heap.Add(root, content);
        return Context.PointerTo(new(RootKind.Heap, root));
    }

    /// <summary>The pointer to an element of what a pointer points at; its index is an obligation.</summary>
    public PointerValue ElementAt(MachineState state, MachineValue array, Term index)
    {
        List<Target> targets = [];
        foreach (var (guard, location) in Places(state, array))
        {
            var count = Pool.BitVec((ulong)CountAt(state, location), index.Width);
            Oblige(state, Pool.Implies(guard, Pool.Ult(index, count)), Failure.Index);
            var step = PathStep.ToElement(Pool.ZeroExtend(index, 64), isChecked: true);
            targets.Add(new(guard, location.Then(step)));
        }

        return new([.. targets]);
    }

    /// <summary>A pointer so many elements further, in the same row of elements.</summary>
    public PointerValue Further(MachineValue pointer, Term elements, bool isChecked = false) =>
        AsPointer(pointer).Select(location =>
        {
            if (location.Steps.Count > 0 && location.Steps[^1].Element is { } index)
            {
                var step = PathStep.ToElement(Pool.BvAdd(index, elements), isChecked);
                return location.WithLast(step);
            }

            return elements.IsConstant && elements.Value == 0
                ? location
                : throw Outside("it goes from a location that is no element to the next");
        });

    /// <summary>How many elements a row has.</summary>
    public int CountAt(MachineState state, Location location) =>
        Follow(state, Pool.True, RootOf(state, location), location.Steps, 0) is SequenceValue row
            ? row.Count
            : throw Outside("it takes something else for an array");

    /// <summary>The places at which a pointer points; that it is not null is an obligation.</summary>
    public IReadOnlyList<(Term Guard, Location Location)> Places(MachineState state, MachineValue pointer)
    {
        List<(Term, Location)> places = [];
        foreach (var target in AsPointer(pointer).Targets)
        {
            if (target.Location is { } location)
            {
                places.Add((target.Guard, location));
            }
            else
            {
                Oblige(state, Pool.Not(target.Guard), Failure.NullReference);
            }
        }

        return places;
    }

    public PointerValue AsPointer(MachineValue value) =>
        value as PointerValue ?? throw Outside("it takes something else for a reference");

    private MachineValue RootOf(MachineState state, Location location) =>
        location.Kind == RootKind.Cell ? state.Cells[location.Root]
        : state.Heap.TryGetValue(location.Root, out var value) ? value
        : Context.Constants[location.Root];

    private MachineValue Follow(
        MachineState state, Term guard, MachineValue value, IReadOnlyList<PathStep> steps, int depth)
    {
        if (depth == steps.Count)
        {
            return value;
        }

        var step = steps[depth];
        if (step.Element is null)
        {
            return Follow(state, guard, FieldIn(value, step), steps, depth + 1);
        }

        var row = RowOf(value);
        ObligeIndex(state, guard, step, row);
        if (row.Count == 0)
        {
            return new OpaqueValue("an element of nothing");
        }

        if (step.Element.IsConstant)
        {
            var element = row.Elements[(int)Math.Min(step.Element.Value, (ulong)row.Count - 1)];
            return Follow(state, guard, element, steps, depth + 1);
        }

        MachineValue[] parts = [.. row.Elements.Select(one => Follow(state, guard, one, steps, depth + 1))];
        return Choose(step.Element, parts);
    }

    /// <summary>One of the parts by index, decided bit by bit from the highest.</summary>
    private MachineValue Choose(Term index, ReadOnlySpan<MachineValue> parts)
    {
        if (parts.Length == 1)
        {
            return parts[0];
        }

        int bit = BitOperations.Log2((uint)parts.Length - 1);
        var isSet = Pool.Equal(Pool.Extract(bit, bit, index), Pool.BitVec(1, 1));
        return Context.Values.Merge(
            isSet, Choose(index, parts[(1 << bit)..]), Choose(index, parts[..(1 << bit)]));
    }

    private MachineValue Replace(
        MachineState state,
        Term guard,
        MachineValue before,
        IReadOnlyList<PathStep> steps,
        int depth,
        MachineValue value)
    {
        if (depth == steps.Count)
        {
            return HasSameShape(before, value) ? value : throw Outside("it stores one type over another");
        }

        var step = steps[depth];
        if (step.Element is null)
        {
            var field = Replace(state, guard, FieldIn(before, step), steps, depth + 1, value);
            return ((StructValue)before).With(step.Field, field);
        }

        var row = RowOf(before);
        ObligeIndex(state, guard, step, row);
        if (step.Element.IsConstant)
        {
            int index = (int)step.Element.Value;
            return step.Element.Value >= (ulong)row.Count
                ? row
                : row.With(index, Replace(state, guard, row.Elements[index], steps, depth + 1, value));
        }

        var elements = row.Elements.Select((element, index) => Context.Values.Merge(
            Pool.Equal(step.Element, Pool.BitVec((ulong)index, 64)),
            Replace(state, guard, element, steps, depth + 1, value),
            element));
        return new SequenceValue([.. elements]);
    }

    private void ObligeIndex(MachineState state, Term guard, PathStep step, SequenceValue row)
    {
        if (!step.IsChecked)
        {
            var inside = Pool.Ult(step.Element!, Pool.BitVec((ulong)row.Count, 64));
            Oblige(state, Pool.Implies(guard, inside), Failure.Index);
        }
    }

    private MachineValue FieldIn(MachineValue value, PathStep step) =>
        value is StructValue structure && structure.Type == step.Owner
        ? structure.Fields[step.Field]
        : throw Outside("it takes something else for a structure");

    private SequenceValue RowOf(MachineValue value) => value as SequenceValue
        ?? throw Outside("it takes something else for a row of elements");

    private static bool HasSameShape(MachineValue before, MachineValue after) => (before, after) switch
    {
        (ScalarValue a, ScalarValue b) => a.Term.Sort == b.Term.Sort,
        (StructValue a, StructValue b) => a.Type == b.Type,
        (SequenceValue a, SequenceValue b) => a.Count == b.Count,
        (ScalarValue or StructValue or SequenceValue, _) => false,
        (_, ScalarValue or StructValue or SequenceValue) => false,
        _ => true,
    };
}
