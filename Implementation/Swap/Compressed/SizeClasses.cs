namespace PageProof.Implementation.Swap.Compressed;

/// <summary>
/// Which sizes the pool has, and how many pages make a row of objects of a size: as many as leave the least over.
/// Sizes whose rows are alike are one. Computed once for a pool; then a size is found by a shift and a look-up.
/// </summary>
internal sealed class SizeClasses
{
    public const int PageSize = 4096;

    /// <summary>At the head of an object stands whose it is; one that has a page alone has no head.</summary>
    public const int HeadSize = 8;

    public const int ChainMost = 8;

    private const int Least = 32;
    private const int StepShift = 4;

    private readonly byte[] _classOf = new byte[(PageSize - Least >> StepShift) + 1];
    private readonly List<Size> _sizes = [];

    public SizeClasses()
    {
        for (int step = _classOf.Length - 1; step >= 0; step--)
        {
            int bytes = Least + (step << StepShift);
            int pages = PagesOf(bytes), objects = pages * PageSize / bytes;
            if (_sizes.Count == 0 || _sizes[^1].Pages != pages || _sizes[^1].Objects != objects)
            {
                _sizes.Add(new(bytes, pages, objects));
            }

            _classOf[step] = (byte)(_sizes.Count - 1);
        }
    }

    /// <summary>How many classes there are; number 0 is the largest.</summary>
    public int Count => _sizes.Count;

    /// <summary>The length from which an object has a page alone.</summary>
    public int HugeFrom => _sizes[1].Bytes - HeadSize + 1;

    public Size this[int index] => _sizes[index];

    /// <summary>The class of objects of a length.</summary>
    public int Of(int length)
    {
        int bytes = Math.Min(Math.Max(length + HeadSize, Least), PageSize);
        return _classOf[bytes - Least + (1 << StepShift) - 1 >> StepShift];
    }

    private static int PagesOf(int bytes)
    {
        int best = 1;
        for (int pages = 2; pages <= ChainMost; pages++)
        {
            if (pages * PageSize % bytes < best * PageSize % bytes)
            {
                best = pages;
            }
        }

        return best;
    }

    /// <summary>A class.</summary>
    /// <param name="Bytes">How large its objects are, with their heads.</param>
    /// <param name="Pages">How many pages a row has.</param>
    /// <param name="Objects">How many objects a row has.</param>
    internal readonly record struct Size(int Bytes, int Pages, int Objects);
}
