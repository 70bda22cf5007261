namespace PageProof.Properties.Harness;

/// <summary>
/// A law over single cases, put to a system in batches. The case of a number depends on the seed and
/// that number alone.
/// </summary>
/// <typeparam name="TCase">The question that is put.</typeparam>
public abstract class CaseLaw<TCase>
    where TCase : struct
{
    /// <summary>The law in plain words.</summary>
    public abstract string Name { get; }

    /// <summary>How many cases are put at once: a machine that has to start wants many.</summary>
    public virtual int BatchSize => 4096;

    /// <summary>Unfolds the case of a number from the seed.</summary>
    public abstract void Generate(ulong seed, long index, ref TCase unfolded);

    /// <summary>How many commands a case has; a single question counts as one.</summary>
    public virtual int LengthOf(in TCase asked) => 1;

    /// <summary>A judge with a system of its own; as many as there are workers are open at once.</summary>
    public abstract ICaseJudge<TCase> OpenJudge();

    /// <summary>Cases that differ from a failing one by being simpler, the boldest first.</summary>
    public abstract IEnumerable<TCase> Simplify(TCase failing);
}

/// <summary>Puts cases to its system and compares what it answers with the law.</summary>
public interface ICaseJudge<TCase> : IDisposable
    where TCase : struct
{
    /// <summary>The place of the first case that breaks the law, or -1.</summary>
    int FirstFailure(ReadOnlySpan<TCase> cases);

    /// <summary>The failing case as a story for somebody who has not seen the code.</summary>
    string Tell(in TCase failing);
}
