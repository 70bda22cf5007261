namespace PageProof.Implementation.Swap;

/// <summary>A partition or a file of which a swap area can be made.</summary>
public interface ISwapDevice : ISwapStorage
{
    bool IsFile { get; }

    bool IsReadOnly { get; }

    /// <summary>The first page that has no block; the number of pages when all have one.</summary>
    int FirstHole { get; }

    /// <summary>The first page as it is there, whoever uses the device.</summary>
    void ShowHeader(Span<byte> page);

    /// <summary>Writes to the first page behind the back of whoever uses the device.</summary>
    void Poke(int offset, ReadOnlySpan<byte> bytes);
}
