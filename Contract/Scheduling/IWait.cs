namespace PageProof.Contract.Scheduling;

/// <summary>What a CPU waits for; others make it so.</summary>
public interface IReadiness
{
    /// <summary>Whether it is so now. Asking changes nothing.</summary>
    bool IsReady { get; }
}

/// <summary>Yield points at which a CPU may also wait for others.</summary>
public interface IWait : IYield
{
    /// <summary>
    /// Lets others run before the step of this <paramref name="kind"/>, at least until the condition
    /// holds; it holds on return.
    /// </summary>
    void Until(YieldKind kind, IReadiness condition);
}
