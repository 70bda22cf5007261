namespace PageProof.Contract.Scheduling;

/// <summary>The steps of a slow path between which another CPU may run.</summary>
public enum YieldKind : byte
{
    /// <summary>A store to a page table.</summary>
    TableStore,
    /// <summary>A walk reads an entry.</summary>
    TableRead,
    /// <summary>A walk sets A or D in the entry that it has read.</summary>
    TableMark,
    /// <summary>A translation enters a TLB.</summary>
    TlbFill,
    /// <summary>Translations are dropped from a TLB.</summary>
    TlbFlush,
    /// <summary>An interrupt is sent to another CPU.</summary>
    IpiSend,
    /// <summary>An interrupt arrives.</summary>
    IpiDeliver,
    /// <summary>An interrupt is acknowledged, or its acknowledgement is waited for.</summary>
    IpiAcknowledge,
    /// <summary>A CPU changes the address space that it runs.</summary>
    ContextSwitch,
    /// <summary>A CPU has nothing to do but to be interrupted.</summary>
    Idle,
    /// <summary>A lock is about to be taken.</summary>
    Lock,
    /// <summary>A frame is given back.</summary>
    FrameRelease,
    /// <summary>A device is asked.</summary>
    InputOutput,
    /// <summary>A search for an area looks at the next.</summary>
    AreaRead,
    /// <summary>A step of a change of what leads to areas.</summary>
    AreaStore,
    /// <summary>A lock is about to be given back, or to be shared with readers.</summary>
    Unlock,
}

/// <summary>
/// The places where a CPU may be overtaken by another. The sequential instance is empty and is
/// inlined away; under a scheduler each call decides who goes on.
/// </summary>
public interface IYield
{
    /// <summary>Lets others run before the step of this <paramref name="kind"/>.</summary>
    void Point(YieldKind kind);
}

/// <summary>Yields to nobody: one CPU runs at a time, each to its end.</summary>
public readonly struct NoYield : IYield
{
    /// <inheritdoc/>
    public void Point(YieldKind kind)
    {
    }
}
