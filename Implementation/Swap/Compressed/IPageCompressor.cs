namespace PageProof.Implementation.Swap.Compressed;

/// <summary>Makes pages shorter, and brings them back. It allocates nothing for a page.</summary>
public interface IPageCompressor
{
    /// <summary>
    /// Compresses a page into room of its own size; how long it has become, or the size of a page when it has not
    /// become shorter.
    /// </summary>
    int Compress(ReadOnlySpan<byte> page, Span<byte> room);

    /// <summary>Brings a page back; false when that is not what a page was compressed to.</summary>
    bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> page);
}
