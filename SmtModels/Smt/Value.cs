namespace PageProof.SmtModels.Smt;

/// <summary>What a term is under an assignment: a word (0 or 1 for a truth) or a memory.</summary>
public readonly record struct Value
{
    private readonly ulong _word;
    private readonly MemoryValue? _memory;

    private Value(ulong word, MemoryValue? memory)
    {
        _word = word;
        _memory = memory;
    }

    public bool IsMemory => _memory is not null;

    public ulong Word => _memory is null ? _word : throw new InvalidOperationException("A memory is no word.");

    public MemoryValue Memory => _memory ?? throw new InvalidOperationException("A word is no memory.");

    public bool IsTrue => Word != 0;

    public static Value Of(ulong word) => new(word, null);

    public static Value Of(bool truth) => new(truth ? 1UL : 0, null);

    public static Value Of(MemoryValue memory) => new(0, memory);

    /// <summary>Whether a variable of that sort may have this value.</summary>
    public bool Fits(Sort sort) => sort.IsMemory ? IsMemory : !IsMemory && (_word & ~sort.Mask) == 0;

    public override string ToString() => _memory?.ToString() ?? $"0x{_word:x}";
}
