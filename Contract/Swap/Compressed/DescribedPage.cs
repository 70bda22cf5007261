namespace PageProof.Contract.Swap.Compressed;

/// <summary>What a page is made of.</summary>
public enum PageShape : byte
{
    /// <summary>One word, over and over.</summary>
    Fill,
    /// <summary>One word, over and over, but for one bit of one word.</summary>
    Except,
    /// <summary>Random words as far as said, and then zeros.</summary>
    Part,
    /// <summary>Words of letters, as they stand in a text.</summary>
    Text,
    /// <summary>Random words.</summary>
    Random,
}

/// <summary>The content of a page of 4 KiB, described.</summary>
/// <param name="Shape">What it is made of.</param>
/// <param name="Value">The word that fills it, or the seed of what is random.</param>
/// <param name="At">Except: which word of 64 bits; part: how many of them are random.</param>
public readonly record struct DescribedPage(PageShape Shape, ulong Value, int At)
{
    /// <summary>How many words of 64 bits a page has.</summary>
    public const int Words = 512;

    /// <inheritdoc/>
    public override string ToString() => CompressedText.Of(this);
}
