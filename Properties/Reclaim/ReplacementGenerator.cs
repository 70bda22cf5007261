using System.Collections.Immutable;
using PageProof.Contract.Reclaim;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Reclaim;

/// <summary>
/// Sequences of references, unfolded from a seed and a number: memories of one and two frames as often as larger
/// ones, and strings of stretches that are hard for policies: loops just larger than memory, scans, a few pages
/// used often, and phases that move on. Later sequences are longer.
/// </summary>
public sealed class ReplacementGenerator(ReplacementCapabilities capabilities)
{
    private const int FramesFew = 9;
    private const int FramesMany = 130;
    private const int LengthLeast = 4;
    private const int LengthMost = 160;
    private const int CasesPerLength = 8;

    /// <summary>The sequence of this number.</summary>
    public ReplacementSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        int frames = random.Below(12) switch
        {
            0 => 1,
            1 or 2 => 2,
            // Beyond one word of a bitmap.
            3 => 60 + random.Below(FramesMany - 60),
            _ => 3 + random.Below(FramesFew - 3),
        };
        ReplacementSettings settings = new(
            // The policy with the most edges more often than the others.
            random.OneIn(5) && capabilities.Kinds.Contains(ReplacementKind.TwoList)
                ? ReplacementKind.TwoList : random.Of(capabilities.Kinds),
            frames,
            Tick: 1 + random.Below(random.OneIn(3) ? 4 * frames : frames + 2),
            Window: random.Below(random.OneIn(3) ? 4 * frames : frames + 2),
            Ratio: random.Below(4));
        int growth = (int)Math.Min(LengthMost - LengthLeast, 12 + index / CasesPerLength);
        int length = LengthLeast + random.Below(growth + 1) + (frames > FramesFew ? 2 * frames : 0);
        int batch = random.Below(3) switch { 0 => 1, 1 => 1 + random.Below(length), _ => length };
        return new(settings, batch, References(ref random, frames, length));
    }

    private static ImmutableArray<Reference> References(ref CaseRandom random, int frames, int length)
    {
        int pages = frames + 1 + random.Below(frames + 3), writes = random.Below(5);
        bool edgy = random.OneIn(4);
        var names = new ulong[pages + length];
        for (int page = 0; page < names.Length; page++)
        {
            names[page] = edgy ? random.Edgy() + (ulong)page : (ulong)page + 1;
        }

        var references = ImmutableArray.CreateBuilder<Reference>(length);
        int fresh = pages;
        while (references.Count < length)
        {
            int stretch = Math.Min(length - references.Count, 1 + random.Below(2 * frames + 4));
            int form = random.Below(6), first = random.Below(pages);
            int around = frames + random.Below(3) - (random.OneIn(4) ? 1 : 0);
            for (int step = 0; step < stretch; step++)
            {
                int page = form switch
                {
                    // A loop about as large as memory.
                    0 => step % Math.Clamp(around, 1, pages),
                    // The lower the number, the more often.
                    1 => random.Below(1 + random.Below(1 + random.Below(pages))),
                    // A phase: few pages, and then others.
                    2 => (first + random.Below(Math.Max(1, frames / 2))) % pages,
                    // A scan, of pages that are not used again before its end.
                    3 => fresh < names.Length && random.OneIn(3) ? fresh++ : (first + step) % pages,
                    // There and back.
                    4 => step / pages % 2 == 0 ? step % pages : pages - 1 - step % pages,
                    _ => random.Below(pages),
                };
                references.Add(new(new(names[page]), Mask(ref random, writes)));
            }
        }

        return references.MoveToImmutable();
    }

    private static ReferenceMask Mask(ref CaseRandom random, int writes)
    {
        var mask = random.Below(4) == 0 ? ReferenceMask.Fetch : ReferenceMask.Read;
        return random.Below(8) < writes
            ? random.OneIn(2) ? ReferenceMask.Write : mask | ReferenceMask.Write
            : random.OneIn(8) ? ReferenceMask.Read | ReferenceMask.Fetch : mask;
    }
}
