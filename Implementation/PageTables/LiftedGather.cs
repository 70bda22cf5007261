using PageProof.Contract;

namespace PageProof.Implementation.PageTables;

/// <summary>A page whose entry, of a level, has changed.</summary>
internal readonly record struct ChangedPage(ulong Page, int Level);

/// <summary>The range that a gather asks to be flushed.</summary>
/// <param name="First">Where it begins.</param>
/// <param name="Last">Where it ends.</param>
/// <param name="Stride">How many bits of an address a step passes over.</param>
/// <param name="Steps">How many steps it has.</param>
internal readonly record struct GatheredRange(ulong First, ulong Last, int Stride, ulong Steps);

/// <summary>A gather as a function. About this the theorems are.</summary>
internal static class LiftedGather
{
    /// <summary>What is to be flushed after these two pages have changed.</summary>
    [Lifted("pagetables.gathered")]
    public static GatheredRange Of(in ChangedPage one, in ChangedPage two)
    {
        Gather gather = new();
        gather.AddChanged(one.Page, one.Level);
        gather.AddChanged(two.Page, two.Level);
        return new(gather.First.Value, gather.Last.Value, (int)gather.Stride, gather.Steps);
    }
}
