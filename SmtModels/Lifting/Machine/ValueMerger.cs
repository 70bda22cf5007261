using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>Chooses between values: whole where they are the same, and else part by part.</summary>
internal sealed class ValueMerger(TermPool pool)
{
    /// <summary>The one value where the guard holds, else the other.</summary>
    public MachineValue Merge(Term guard, MachineValue one, MachineValue other)
    {
        if (ReferenceEquals(one, other) || guard.IsTrue)
        {
            return one;
        }

        return (one, other) switch
        {
            (ScalarValue a, ScalarValue b) when a.Term.Sort == b.Term.Sort =>
                new ScalarValue(pool.Ite(guard, a.Term, b.Term)),
            (StructValue a, StructValue b) when a.Type == b.Type =>
                new StructValue(a.Type, Parts(guard, a.Fields, b.Fields)),
            (SequenceValue a, SequenceValue b) when a.Count == b.Count =>
                new SequenceValue(Parts(guard, a.Elements, b.Elements)),
            (PointerValue a, PointerValue b) => Pointer(guard, a, b),
            (OpaqueValue or TokenValue or BoxedValue or RawBytes, _)
                or (_, OpaqueValue or TokenValue or BoxedValue or RawBytes) => new OpaqueValue("one of two objects"),
            _ => throw new LiftingException("Two ways join with values of different types."),
        };
    }

    private MachineValue[] Parts(Term guard, IReadOnlyList<MachineValue> one, IReadOnlyList<MachineValue> other) =>
        [.. one.Zip(other, (a, b) => Merge(guard, a, b))];

    private PointerValue Pointer(Term guard, PointerValue one, PointerValue other)
    {
        if (one.Targets is [{ Location: { } a }] && other.Targets is [{ Location: { } b }]
            && WithChosenIndex(guard, a, b) is { } location)
        {
            return new(new Target(pool.True, location));
        }

        List<Target> targets = [];
        foreach (var target in one.Targets)
        {
            AddTo(targets, target with { Guard = pool.And(guard, target.Guard) });
        }

        foreach (var target in other.Targets)
        {
            AddTo(targets, target with { Guard = pool.And(pool.Not(guard), target.Guard) });
        }

        return new([.. targets]);
    }

    private void AddTo(List<Target> targets, Target target)
    {
        int same = targets.FindIndex(one => one.Location is null
            ? target.Location is null
            : target.Location is not null && one.Location.IsSame(target.Location));
        if (same >= 0)
        {
            targets[same] = target with { Guard = pool.Or(targets[same].Guard, target.Guard) };
        }
        else if (!target.Guard.IsFalse)
        {
            targets.Add(target);
        }
    }

    /// <summary>The location with a chosen index, if the two differ in that of one element at most.</summary>
    private Location? WithChosenIndex(Term guard, Location one, Location other)
    {
        if (!one.HasSameRoot(other))
        {
            return null;
        }

        PathStep[] steps = [.. one.Steps];
        bool chosen = false;
        for (int index = 0; index < steps.Length; index++)
        {
            var (a, b) = (steps[index], other.Steps[index]);
            if (a == b)
            {
                continue;
            }

            if (chosen || a.Element is null || b.Element is null)
            {
                return null;
            }

            chosen = true;
            steps[index] = PathStep.ToElement(pool.Ite(guard, a.Element, b.Element), a.IsChecked && b.IsChecked);
        }

        return new(one.Kind, one.Root, steps);
    }
}
