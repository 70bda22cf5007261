namespace PageProof.Implementation.Hardening;

/// <summary>
/// The address spaces whose translations one CPU keeps: each ASID has the context that it was given last,
/// the generation of that context up to which the CPU has flushed, and a bit that says that its user PCID
/// is to be flushed before user mode runs. ASIDs that nobody has are given out first, and then they are recycled in
/// turn. A context never has the number of another, so that an ASID whose context is gone matches none.
/// </summary>
internal sealed class AsidTable(int count)
{
    private const ulong NoContext = 0;

    private readonly ulong[] _contexts = new ulong[count];
    private readonly ulong[] _generations = new ulong[count];
    private readonly bool[] _userFlushOwed = new bool[count];
    private int _next;

    /// <summary>
    /// The ASID of a context, and whether what is cached under it may be used as it is. Otherwise all of its
    /// kernel PCID must be flushed now; its user PCID is noted.
    /// </summary>
    public int Choose(ulong context, ulong generation, out bool isCurrent)
    {
        int asid = Array.IndexOf(_contexts, context);
        isCurrent = asid >= 0 && _generations[asid] == generation;
        if (asid < 0)
        {
            int free = Array.IndexOf(_contexts, NoContext);
            asid = free >= 0 ? free : Recycled();
            _contexts[asid] = context;
        }

        _generations[asid] = generation;
        _userFlushOwed[asid] |= !isCurrent;
        return asid;
    }

    /// <summary>The context of this ASID has been flushed up to a generation.</summary>
    public void CatchUp(int asid, ulong generation) => _generations[asid] = generation;

    /// <summary>The user PCID of an ASID is to be flushed before user mode runs.</summary>
    public void OweUserFlush(int asid) => _userFlushOwed[asid] = true;

    /// <summary>Whether it is to be flushed; asked once, by whoever then flushes.</summary>
    public bool TakeUserFlush(int asid)
    {
        bool owed = _userFlushOwed[asid];
        _userFlushOwed[asid] = false;
        return owed;
    }

    /// <summary>No ASID but this one may be used again without a flush.</summary>
    public void ForgetOthers(int asid)
    {
        for (int other = 0; other < _contexts.Length; other++)
        {
            _contexts[other] = other == asid ? _contexts[other] : NoContext;
        }
    }

    private int Recycled()
    {
        int asid = _next;
        _next = _next + 1 == _contexts.Length ? 0 : _next + 1;
        return asid;
    }
}
