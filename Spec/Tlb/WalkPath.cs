namespace PageProof.Spec.Tlb;

/// <summary>
/// One content of one word, from the store that wrote it to the next: what a walk has read. Numbered
/// from 1 over all words of a sequence.
/// </summary>
public readonly record struct WordVersion(int Number);

/// <summary>Which versions a walk has read, one at each level, in five fields of twelve bits.</summary>
public readonly record struct WalkPath(ulong Fields)
{
    /// <summary>The most versions that can be told apart.</summary>
    public const int VersionsMax = (1 << BitsOfLevel) - 1;

    /// <summary>The deepest walk.</summary>
    public const int LevelsMax = 5;

    private const int BitsOfLevel = 12;

    /// <summary>The version that was read at a level; number 0 where none was.</summary>
    public WordVersion At(int level) => new((int)(Fields >> BitsOfLevel * (level - 1)) & VersionsMax);

    /// <summary>The path that goes on with a version at a level.</summary>
    public WalkPath With(int level, WordVersion version) =>
        new(Fields | (ulong)version.Number << BitsOfLevel * (level - 1));

    /// <summary>The version that was read last; number 0 when nothing was.</summary>
    public WordVersion Leaf
    {
        get
        {
            int level = 1;
            while (level < LevelsMax && At(level) == default)
            {
                level++;
            }

            return At(level);
        }
    }

    /// <summary>Whether the version was read at any level.</summary>
    public bool Contains(WordVersion version)
    {
        for (int level = 1; level <= LevelsMax; level++)
        {
            if (At(level) == version)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => $"0x{Fields:x}";
}
