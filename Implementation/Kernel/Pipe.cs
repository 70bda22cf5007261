namespace PageProof.Implementation.Kernel;

/// <summary>A part of a page that a pipe has.</summary>
internal struct PipeBuffer
{
    /// <summary>The frame of the page, which the pipe holds.</summary>
    public int Frame;

    /// <summary>The first byte of the page that is to be read.</summary>
    public int Start;

    /// <summary>How many bytes are to be read.</summary>
    public int Length;

    /// <summary>Whether a write may put bytes behind them: the frame is the pipe's own.</summary>
    public bool TakesMore;

    /// <summary>Where the next bytes of the page would go.</summary>
    public readonly int End => Start + Length;
}

/// <summary>
/// A pipe as a ring of buffers, none of them empty. A slot keeps what it held until it is used again. Whoever adds
/// or removes a buffer sees to its frame.
/// </summary>
internal sealed class Pipe(int most)
{
    private readonly PipeBuffer[] _ring = new PipeBuffer[most];
    private int _first;

    /// <summary>How many buffers there are.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == _ring.Length;

    /// <summary>A buffer by its place, from 0 for that which is read first.</summary>
    public ref PipeBuffer this[int place] => ref _ring[(_first + place) % _ring.Length];

    /// <summary>One more behind all others: all of it is to be set.</summary>
    public ref PipeBuffer Add()
    {
        Count++;
        return ref this[Count - 1];
    }

    /// <summary>The last is there no more.</summary>
    public void RemoveLast() => Count--;

    /// <summary>The first is there no more.</summary>
    public void RemoveFirst()
    {
        _first = (_first + 1) % _ring.Length;
        Count--;
    }

    /// <summary>Begins anew; frames are nobody's any more, and slots as if they had never been used.</summary>
    public void Reset()
    {
        _ring.AsSpan().Clear();
        (_first, Count) = (0, 0);
    }
}
