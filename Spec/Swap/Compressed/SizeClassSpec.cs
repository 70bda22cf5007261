using System.Collections.Immutable;

namespace PageProof.Spec.Swap.Compressed;

/// <summary>A size of objects.</summary>
/// <param name="Bytes">How large they are, with their heads.</param>
/// <param name="Pages">How many pages a zspage of them has.</param>
/// <param name="Objects">How many of them a zspage holds.</param>
public sealed record SizeClass(int Bytes, int Pages, int Objects);

/// <summary>
/// The sizes that a pool has. Objects of a size lie in zspages: rows of as many pages, up to a chain's most, as
/// leave the least over at the end. Neighbouring sizes with the same rows are one.
/// Source: Linux 6.11, Documentation/mm/zsmalloc.rst, and the comments on size classes in mm/zsmalloc.c.
/// </summary>
public static class SizeClassSpec
{
    /// <summary>How large a page is.</summary>
    public const int PageSize = 4096;

    // ZS_HANDLE_SIZE: an object that shares its zspage begins with the handle of its owner.
    private const int HandleSize = 8;

    // ZS_MIN_ALLOC_SIZE, ZS_SIZE_CLASS_DELTA, and ZSMALLOC_CHAIN_SIZE as it is by default.
    private const int Least = 32, Delta = 16, ChainMost = 8;

    private static readonly ImmutableArray<SizeClass> Sizes =
        [.. from step in Enumerable.Range(0, (PageSize - Least) / Delta + 1) select SizeOf(Least + step * Delta)];

    /// <summary>The class of objects of a length: of the sizes with its rows, the largest.</summary>
    public static SizeClass ClassOf(int length)
    {
        int step = Math.Max(0, Math.Min(length + HandleSize, PageSize) - Least + Delta - 1) / Delta;
        while (step + 1 < Sizes.Length && Sizes[step + 1].Pages == Sizes[step].Pages
            && Sizes[step + 1].Objects == Sizes[step].Objects)
        {
            step++;
        }

        return Sizes[step];
    }

    /// <summary>Whether an object of a length has a page to itself.</summary>
    public static bool IsHuge(int length) => ClassOf(length).Objects == 1;

    private static SizeClass SizeOf(int bytes)
    {
        int pages = Enumerable.Range(1, ChainMost).MinBy(count => count * PageSize % bytes);
        return new(bytes, pages, pages * PageSize / bytes);
    }
}
