using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// Joins states that have reached the same point into one, with a choice wherever they differ. Ways
/// that parted last are joined first, so that the choices nest as the decisions did.
/// </summary>
internal sealed class StateMerger(TermPool pool, ValueMerger values)
{
    private readonly PathCondition _always = PathCondition.Always(pool);

    public MachineState Merge(IReadOnlyList<MachineState> states) =>
        Merge([.. states.Select(state => new Way(state, state.Path.FromStart()))], 0).State;

    private Way Merge(IReadOnlyList<Way> ways, int depth)
    {
        while (ways.All(way => way.Has(depth) && way.Agrees(ways[0], depth)))
        {
            depth++;
        }

        List<Way> open =
        [
            .. ways.GroupBy(way => way.Has(depth) ? way.Path[depth].Decision : null)
                .Select(group => group.ToList())
                .Select(group => group.Count == 1 ? group[0] : Merge(group, depth + 1)),
        ];
        var common = depth == 0 ? _always : open[0].Path[depth - 1];
        while (open.Count > 1)
        {
            var (one, other) = Contraries(open, depth) ?? (open[^2], open[^1]);
            open.Remove(one);
            open.Remove(other);
            open.Add(Join(one, other, common, depth));
        }

        return open[0];
    }

    private (Way One, Way Other)? Contraries(List<Way> open, int depth)
    {
        foreach (var one in open.Where(way => way.Has(depth)))
        {
            var contrary = pool.Not(one.Path[depth].Decision);
            if (open.Find(way => way.Has(depth) && way.Path[depth].Decision == contrary) is { } other)
            {
                return (one, other);
            }
        }

        return null;
    }

    private Way Join(Way one, Way other, PathCondition common, int depth)
    {
        bool isFork = one.Has(depth) && other.Has(depth)
            && one.Path[depth].Decision == pool.Not(other.Path[depth].Decision);
        if (!isFork && other.Has(depth) && (other.CostFrom(depth) < one.CostFrom(depth) || !one.Has(depth)))
        {
            (one, other) = (other, one);
        }

        var guard = isFork ? one.Path[depth].Decision : one.From(depth, pool);
        var share = one.State.Path.Share + other.State.Path.Share;
        var path = share == common.Share
            ? common
            : common.Joined(
                pool.Or(one.From(depth, pool), other.From(depth, pool)),
                share,
                one.CostFrom(depth) + other.CostFrom(depth));
        var state = Join(guard, one.State, other.State);
        state.Path = path;
        return new(state, path.FromStart());
    }

    private MachineState Join(Term guard, MachineState one, MachineState other)
    {
        if (one.Stack.Count != other.Stack.Count || one.Cells.Count != other.Cells.Count)
        {
            throw new LiftingException("Two ways join with different stacks.");
        }

        for (int index = 0; index < one.Stack.Count; index++)
        {
            one.Stack[index] = values.Merge(guard, one.Stack[index], other.Stack[index]);
        }

        for (int index = 0; index < one.Cells.Count; index++)
        {
            one.Cells[index] = values.Merge(guard, one.Cells[index], other.Cells[index]);
        }

        foreach (var (root, value) in other.Heap)
        {
            one.Heap[root] = one.Heap.TryGetValue(root, out var own) ? values.Merge(guard, own, value) : value;
        }

        if (one.Memory is { } memory)
        {
            one.Memory = pool.Ite(guard, memory, other.Memory!);
        }

        one.Loops = [.. one.Loops.Zip(other.Loops, (a, b) => a.Undecided >= b.Undecided ? a : b)];
        return one;
    }

    /// <summary>A state, and the conditions on the way to it.</summary>
    private sealed record Way(MachineState State, PathCondition[] Path)
    {
        public bool Has(int depth) => depth < Path.Length;

        public bool Agrees(Way other, int depth) =>
            Path[depth] == other.Path[depth]
            || (Path[depth].Decision == other.Path[depth].Decision && Path[depth].Share == other.Path[depth].Share);

        public Term From(int depth, TermPool pool) => pool.And([.. Path[depth..].Select(one => one.Decision)]);

        public int CostFrom(int depth) => Path[depth..].Sum(one => one.Cost);
    }
}
