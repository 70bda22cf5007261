namespace PageProof.Mutation.Controls;

/// <summary>
/// The subject of the two controls of a mutation run. Turned around, its comparison is noticed by any
/// test of a negative number; as <c>&gt;</c> it still computes the same, because -0 is 0. So a runner that
/// reports the first as survived, or the second as killed, is not to be believed about anything else.
/// </summary>
public static class ControlSubject
{
    /// <summary>How far a number lies from zero.</summary>
    public static long Magnitude(int value) => value >= 0 ? value : -(long)value;
}
