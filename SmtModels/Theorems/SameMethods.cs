using Mono.Cecil;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Solving;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// Whether a changed assembly does in every case what the original does: each method whose instructions differ gives
/// the same result for all values of its parameters, leaves the same in memory and in what it refers to, and fails in
/// the same cases and ways. Who calls it can then tell nothing either. Methods of objects, loops of which no bound is
/// known, and whatever else cannot be lifted are never found to be the same.
/// </summary>
public static class SameMethods
{
    // What is compared are methods that one expression has changed, and of which many are asked about.
    private static readonly LiftOptions Options = new() { LoopBound = 16, StepLimit = 100_000 };

    /// <summary>Whether that is proved; false says nothing.</summary>
    /// <param name="original">The assembly as it was, first, and those that it refers to.</param>
    /// <param name="changed">The same with the changed one.</param>
    /// <param name="solver">Who is asked.</param>
    /// <param name="limit">The most time for one method.</param>
    public static bool AreProved(AssemblySet original, AssemblySet changed, ISolver solver, TimeSpan limit)
    {
        var before = original.Methods.ToDictionary(method => method.FullName);
        var after = changed.Methods.ToDictionary(method => method.FullName);
        if (!before.Keys.ToHashSet().SetEquals(after.Keys))
        {
            return false;
        }

        var differing = before.Values.Where(method => TextOf(method) != TextOf(after[method.FullName])).ToList();
        return differing.Count > 0 && differing.All(method =>
            IsProved(original, method, changed, after[method.FullName], solver, limit));
    }

    private static bool IsProved(
        AssemblySet original,
        MethodDefinition one,
        AssemblySet changed,
        MethodDefinition other,
        ISolver solver,
        TimeSpan limit)
    {
        TermPool pool = new();
        try
        {
            var before = new Lifter(pool, original, Options).LiftMethod(one);
            var after = new Lifter(pool, changed, Options).LiftMethod(other);
            Goal goal = new(pool, [pool.Or([.. Differences(pool, before, after)])]);
            return solver.Solve(goal, limit).Status == SolverStatus.Unsatisfiable;
        }
        catch (LiftingException)
        {
            return false;
        }
    }

    // Cases in which they differ, or in which it is not known what they do.
    private static IEnumerable<Term> Differences(TermPool pool, LiftedCall before, LiftedCall after)
    {
        var ends = pool.Not(before.Fails(pool));
        foreach (var way in before.Obligations.Concat(after.Obligations).Select(each => each.What).Distinct())
        {
            Term first = FailsBy(pool, before, way), second = FailsBy(pool, after, way);
            yield return way == Failure.LoopBound ? pool.Or([first, second]) : pool.Not(pool.Equal(first, second));
        }

        foreach (var (name, value) in before.Outputs)
        {
            yield return pool.And([ends, Differ(pool, value, after.Outputs[name])]);
        }

        if (before.Result is { } result)
        {
            yield return pool.And([ends, Differ(pool, result, after.Result!)]);
        }

        if (before.Memory is { } memory)
        {
            yield return pool.And([ends, pool.Not(pool.Equal(memory, after.Memory!))]);
        }
    }

    private static Term FailsBy(TermPool pool, LiftedCall call, string way) => pool.Or(
        [.. call.Obligations.Where(each => each.What == way).Select(each => pool.Not(each.Holds))]);

    private static Term Differ(TermPool pool, LiftedValue one, LiftedValue other) => pool.Or(
        [.. one.Leaves.Zip(other.Leaves, (mine, others) => pool.Not(pool.Equal(mine.Term, others.Term)))]);

    private static string TextOf(MethodDefinition method) => !method.HasBody ? "" : string.Join('\n',
    [
        .. method.Body.Variables.Select(variable => variable.VariableType.FullName),
        .. method.Body.Instructions.Select(instruction => instruction.ToString()),
        .. method.Body.ExceptionHandlers.Select(handler =>
            $"{handler.HandlerType} {handler.TryStart} {handler.TryEnd} {handler.HandlerStart} {handler.HandlerEnd}"),
    ]);
}
