using System.Collections.Immutable;

namespace PageProof.Spec.Swap.Compressed;

/// <summary>How many objects of a class there are, and in how many zspages.</summary>
public readonly record struct ClassUse(int Objects, int Zspages);

/// <summary>What is in the pool, without where.</summary>
/// <param name="Classes">Each class of which there is anything.</param>
/// <param name="Bytes">How long all objects are together.</param>
public sealed record PoolState(ImmutableDictionary<SizeClass, ClassUse> Classes, long Bytes)
{
    /// <summary>Nothing.</summary>
    public static PoolState Empty { get; } = new(ImmutableDictionary<SizeClass, ClassUse>.Empty, 0);

    /// <summary>How many pages of memory it takes.</summary>
    public int Pages => Classes.Sum(each => each.Value.Zspages * each.Key.Pages);
}

/// <summary>
/// A pool takes memory by zspages, only when those of a class are full, and gives one up when its last object goes.
/// In which zspage an object lies is the pool's choice, so whether one goes with an object is told.
/// Source: Linux 6.11, Documentation/mm/zsmalloc.rst, on zspages, their fullness and compaction.
/// </summary>
public static class PoolSpec
{
    /// <summary>With one more object of a length.</summary>
    public static PoolState Store(PoolState pool, int length)
    {
        var of = SizeClassSpec.ClassOf(length);
        var use = pool.Classes.GetValueOrDefault(of);
        bool isFull = use.Objects == use.Zspages * of.Objects;
        return With(pool, of, new(use.Objects + 1, use.Zspages + (isFull ? 1 : 0)), length);
    }

    /// <summary>With one object of a length less, and so many pages; null when it cannot have so many.</summary>
    public static PoolState? Free(PoolState pool, int length, int pagesAfter)
    {
        var of = SizeClassSpec.ClassOf(length);
        var use = pool.Classes[of];
        var left = pool.Pages == pagesAfter ? new ClassUse(use.Objects - 1, use.Zspages)
            : pool.Pages - of.Pages == pagesAfter ? new ClassUse(use.Objects - 1, use.Zspages - 1)
            : (ClassUse?)null;

        // No zspage is without an object, and none holds more than it has room for.
        return left is { } fits && fits.Zspages <= fits.Objects && fits.Objects <= fits.Zspages * of.Objects
            ? With(pool, of, fits, -length) : null;
    }

    /// <summary>With all objects moved together: of each class one zspage at most is not full.</summary>
    public static PoolState Compact(PoolState pool) => pool with
    {
        Classes = pool.Classes.ToImmutableDictionary(
            each => each.Key,
            each => each.Value with
            {
                Zspages = (each.Value.Objects + each.Key.Objects - 1) / each.Key.Objects,
            }),
    };

    private static PoolState With(PoolState pool, SizeClass of, ClassUse use, int bytes) => new(
        use.Objects == 0 ? pool.Classes.Remove(of) : pool.Classes.SetItem(of, use), pool.Bytes + bytes);
}
