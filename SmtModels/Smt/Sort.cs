namespace PageProof.SmtModels.Smt;

/// <summary>What a term stands for: a truth, a word of 1 to 64 bits, or a memory of words.</summary>
public readonly record struct Sort
{
    private const int WidthMax = 64;
    private const int MemoryCode = -1;

    // The width of a word, 0 for a truth.
    private readonly int _code;

    private Sort(int code) => _code = code;

    /// <summary>True or false.</summary>
    public static Sort Bool => new(0);

    /// <summary>An array that gives a word of 64 bits at every address of 64 bits.</summary>
    public static Sort Memory => new(MemoryCode);

    public bool IsBool => _code == 0;

    public bool IsBitVec => _code > 0;

    public bool IsMemory => _code == MemoryCode;

    /// <summary>The bits of a word; 0 for a truth or a memory.</summary>
    public int Width => Math.Max(_code, 0);

    /// <summary>The bits that a word of this sort may have set; 1 for a truth.</summary>
    public ulong Mask => _code == 0 ? 1 : ulong.MaxValue >> (WidthMax - Math.Max(_code, 1));

    /// <summary>A word of so many bits.</summary>
    public static Sort BitVec(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, WidthMax);
        return new(width);
    }

    public override string ToString() => _code switch
    {
        0 => "Bool",
        MemoryCode => "Memory",
        _ => $"BitVec {_code}",
    };
}
