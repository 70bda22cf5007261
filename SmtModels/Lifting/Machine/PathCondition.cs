using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// Under which condition a point is reached: the decisions on the way, one after the other. Ways that
/// part share what they had decided before.
/// </summary>
internal sealed class PathCondition
{
    private readonly TermPool _pool;

    private PathCondition(TermPool pool, PathCondition? before, Term decision, Share share, int cost)
    {
        _pool = pool;
        Before = before;
        Decision = decision;
        Share = share;
        Cost = cost;
        Depth = before is null ? 0 : before.Depth + 1;
    }

    public PathCondition? Before { get; }

    /// <summary>The last decision.</summary>
    public Term Decision { get; }

    public Share Share { get; }

    /// <summary>How many decisions are written in the last one.</summary>
    public int Cost { get; }

    /// <summary>How many decisions there are.</summary>
    public int Depth { get; }

    /// <summary>All decisions in one.</summary>
    // Survivor: made again, it is the same term, since the pool has each only once.
    public Term Term => field ??= Before is null ? Decision : _pool.And(Before.Term, Decision);

    /// <summary>The condition that always holds.</summary>
    public static PathCondition Always(TermPool pool) => new(pool, null, pool.True, Share.Whole, 0);

    /// <summary>One side of a decision.</summary>
    public PathCondition Decide(Term decision) => new(_pool, this, decision, Share.Half, 1);

    /// <summary>A disjunction of ways that part here.</summary>
    public PathCondition Joined(Term decision, Share share, int cost) => new(_pool, this, decision, share, cost);

    /// <summary>Whether the decisions contain this one, or its contrary; null if neither.</summary>
    public bool? Decided(Term condition)
    {
        if (condition.IsConstant)
        {
            return condition.IsTrue;
        }

        var contrary = _pool.Not(condition);
        for (var at = this; at.Before is not null; at = at.Before)
        {
            if (at.Decision == condition || at.Decision == contrary)
            {
                return at.Decision == condition;
            }
        }

        return null;
    }

    /// <summary>The conditions from the first decision to this one.</summary>
    public PathCondition[] FromStart()
    {
        var all = new PathCondition[Depth];
        for (var at = this; at.Before is not null; at = at.Before)
        {
            all[at.Depth - 1] = at;
        }

        return all;
    }
}
