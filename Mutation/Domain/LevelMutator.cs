namespace PageProof.Mutation.Domain;

/// <summary>
/// One level off: the place of an index in an address, the size of a page or the mask of an offset is
/// that of the level above or below.
/// </summary>
internal sealed class LevelMutator : Mutator
{
    private const int BitsPerLevel = 9;
    private static readonly long[] Places = [12, 21, 30, 39, 48];

    /// <inheritdoc/>
    public override string Name => "one level off";

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site)
    {
        var (role, wide, value) = ConstantUse.At(site);
        int level = role switch
        {
            ConstantRole.Number or ConstantRole.Amount => Array.IndexOf(Places, value),
            ConstantRole.Mask => Array.FindIndex(Places, place => (1L << (int)place) - 1 == value),
            _ => -1,
        };
        if (level < 0)
        {
            yield break;
        }

        foreach (long place in (long[])[Places[level] - BitsPerLevel, Places[level] + BitsPerLevel])
        {
            if (place >= Places[0])
            {
                long other = role == ConstantRole.Mask ? (1L << (int)place) - 1 : place;
                yield return site.Become(
                    ExpressionText.OfConstant(other, wide), Site.Constant(site.Instruction, other, wide));
            }
        }
    }
}
