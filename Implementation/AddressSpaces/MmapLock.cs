namespace PageProof.Implementation.AddressSpaces;

/// <summary>As what somebody has the lock of a space.</summary>
internal enum LockMode : byte
{
    /// <summary>With others that read.</summary>
    Read,

    /// <summary>The same, but not while somebody takes away the pages of what is already unmapped.</summary>
    Look,

    /// <summary>Alone.</summary>
    Write,
}

/// <summary>
/// The lock of a space: one CPU has it to write, or some have it to read. Whoever has to wait comes in the order in
/// which it came, so that nobody waits for ever. A writer can stay as a reader, and lets others read. Flat words.
/// </summary>
internal struct MmapLock
{
    private const int PlaceBits = 8;
    private const int ModeBits = 2;

    // The CPU and the mode of each that waits, in a byte each, whoever is next lowest.
    private ulong _queue;
    private int _waiting;
    private uint _readers;

    // One more than the number of the CPU, so that zeros are a free lock.
    private int _writer;
    private int _downgraded;

    /// <summary>Whether nobody has it or waits for it.</summary>
    public readonly bool IsFree => _writer == 0 && _readers == 0 && _waiting == 0;

    /// <summary>Whether somebody has it to write.</summary>
    public readonly bool IsWritten => _writer != 0;

    /// <summary>Whether more than one has it.</summary>
    public readonly bool IsShared => (_readers & _readers - 1) != 0;

    /// <summary>Whether a CPU has it to write.</summary>
    public readonly bool IsWrittenBy(int cpu) => _writer == cpu + 1;

    /// <summary>Takes it if it can be had at once and nobody waits for it.</summary>
    public bool TryTake(int cpu, LockMode mode)
    {
        if (_waiting != 0 || !Admits(mode))
        {
            return false;
        }

        Grant(cpu, mode);
        return true;
    }

    /// <summary>Gets in line.</summary>
    public void Wait(int cpu, LockMode mode) =>
        _queue |= (ulong)(cpu << ModeBits | (int)mode) << PlaceBits * _waiting++;

    /// <summary>Whether a CPU that waits is next, and can have it.</summary>
    public readonly bool IsReadyFor(int cpu) =>
        (int)(_queue & byte.MaxValue) >> ModeBits == cpu && Admits(ModeOfNext);

    /// <summary>Gives it to whoever is next.</summary>
    public void TakeNext(int cpu)
    {
        Grant(cpu, ModeOfNext);
        _queue >>= PlaceBits;
        _waiting--;
    }

    /// <summary>Whoever had it to write has it to read from now on.</summary>
    public void Downgrade(int cpu)
    {
        (_writer, _downgraded) = (0, cpu + 1);
        _readers |= 1u << cpu;
    }

    /// <summary>Gives it back.</summary>
    public void Release(int cpu)
    {
        _writer = 0;
        _readers &= ~(1u << cpu);
        _downgraded = _downgraded == cpu + 1 ? 0 : _downgraded;
    }

    private readonly LockMode ModeOfNext => (LockMode)(_queue & (1 << ModeBits) - 1);

    private readonly bool Admits(LockMode mode) =>
        _writer == 0 && (mode == LockMode.Read || (mode == LockMode.Look ? _downgraded : (int)_readers) == 0);

    private void Grant(int cpu, LockMode mode)
    {
        if (mode == LockMode.Write)
        {
            _writer = cpu + 1;
        }
        else
        {
            _readers |= 1u << cpu;
        }
    }
}
