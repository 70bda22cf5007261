namespace PageProof.SmtModels.Lifting;

/// <summary>
/// The loops of a method: each the instructions from the target of a backward branch to the last such
/// branch. Loops that overlap are made to lie within each other, so that leaving one is going out of its
/// range.
/// </summary>
internal sealed class LoopNest
{
    private readonly Loop[][] _enclosing;

    public LoopNest(IReadOnlyList<Operation> operations)
    {
        var ranges = RangesOf(operations);
        _enclosing = new Loop[operations.Count][];
        for (int index = 0; index < operations.Count; index++)
        {
            _enclosing[index] = [.. ranges.Where(loop => loop.First <= index && index <= loop.Last)];
        }
    }

    /// <summary>The loops around an instruction, the outermost first.</summary>
    public Loop[] Around(int index) => _enclosing[index];

    /// <summary>Whether the same loops are around both instructions.</summary>
    public bool AreWithinTheSame(int one, int other) =>
        _enclosing[one].AsSpan().SequenceEqual(_enclosing[other]);

    /// <summary>
    /// Which of two points is reached first, when a point is an instruction and the number of times that
    /// each loop around it was entered again: fewer times first, then by place.
    /// </summary>
    public int Compare((int Index, int[] Rounds) one, (int Index, int[] Rounds) other)
    {
        var oneLoops = _enclosing[one.Index];
        var otherLoops = _enclosing[other.Index];
        for (int depth = 0; depth < oneLoops.Length && depth < otherLoops.Length; depth++)
        {
            if (oneLoops[depth] != otherLoops[depth])
            {
                break;
            }

            if (one.Rounds[depth] != other.Rounds[depth])
            {
                return one.Rounds[depth].CompareTo(other.Rounds[depth]);
            }
        }

        return one.Index.CompareTo(other.Index);
    }

    private static List<Loop> RangesOf(IReadOnlyList<Operation> operations)
    {
        SortedDictionary<int, int> lastOf = [];
        for (int index = 0; index < operations.Count; index++)
        {
            foreach (int target in operations[index].Targets.Where(target => target <= index))
            {
                lastOf[target] = Math.Max(lastOf.GetValueOrDefault(target), index);
            }
        }

        List<Loop> loops = [];
        foreach (var (first, last) in lastOf)
        {
            foreach (var outer in loops.Where(outer => first <= outer.Last && outer.Last < last))
            {
                outer.Last = last;
            }

            loops.Add(new(first) { Last = last });
        }

        return loops;
    }
}

/// <summary>The range of a loop. No two loops of a method begin at the same instruction.</summary>
internal sealed class Loop(int first)
{
    public int First { get; } = first;

    public int Last { get; set; }
}
