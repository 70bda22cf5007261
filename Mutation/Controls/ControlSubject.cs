namespace PageProof.Mutation.Controls;

/// <summary>
/// The subject of the controls of a mutation run. Each method has one comparison. Turned around or
/// negated it is noticed by any test; with its equality dropped or added it still computes the same,
/// because both branches agree there. So a run that lets a mutant of the first sort live, or kills one
/// of the second, is not to be believed about anything else.
/// </summary>
public static class ControlSubject
{
    /// <summary>How far a number lies from zero: -0 is 0.</summary>
    public static long Magnitude(long value) => value >= 0 ? value : -value;

    /// <summary>The larger of two numbers: of equal ones either is.</summary>
    public static long Larger(long left, long right) => left > right ? left : right;

    /// <summary>The smaller of two numbers: of equal ones either is.</summary>
    public static long Smaller(long left, long right) => left < right ? left : right;

    /// <summary>A number, but never below a floor: a number at the floor is the floor.</summary>
    public static long AtLeast(long value, long floor) => value <= floor ? floor : value;

    /// <summary>A number, but never above a ceiling: a number at the ceiling is the ceiling.</summary>
    public static long AtMost(long value, long ceiling) => value >= ceiling ? ceiling : value;

    /// <summary>How far two numbers lie apart: equal ones by nothing, either way round.</summary>
    public static long Distance(long left, long right) => left > right ? left - right : right - left;

    /// <summary>What a number has above a limit: a number at the limit has nothing above it.</summary>
    public static long Excess(long value, long limit) => value > limit ? value - limit : 0;

    /// <summary>What a number lacks of a goal: a number at the goal lacks nothing.</summary>
    public static long Shortfall(long value, long goal) => value < goal ? goal - value : 0;
}
