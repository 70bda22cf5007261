using PageProof.Contract.Hardening;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>How often each class of each region, and of each pair of them, was seen.</summary>
internal sealed class SpreadTally
{
    private const int Bins = 256;
    private const int Kept = 16;

    // The 0.001 and the 0.999 point of chi-square with 255 degrees of freedom.
    private const double LeastPermitted = 190.9;
    private const double MostPermitted = 330.5;

    // The stack pointer has no power of two of places, and the vdso as many as the stack leaves it.
    private static readonly LayoutRegion[] Regions =
    [
        LayoutRegion.Stack, LayoutRegion.Mmap, LayoutRegion.Program, LayoutRegion.Brk, LayoutRegion.EntryArea,
        LayoutRegion.SecondEntryArea,
    ];

    private readonly long[][] _low = Rows(Regions.Length);
    private readonly long[][] _high = Rows(Regions.Length);
    private readonly long[][] _pairs = Rows(Regions.Length * Regions.Length);
    private readonly List<LayoutDraws> _first = [];
    private long _seeds;

    /// <summary>What is wrong with a layout: a region lies where it has no place.</summary>
    public string? Count(in LayoutRequest request, in AddressSpaceLayout layout)
    {
        var slots = new ulong[Regions.Length];
        for (int one = 0; one < slots.Length; one++)
        {
            var all = EntropySpec.PlacesOf(request, Regions[one]);
            var found = EntropyProbe.Find(layout, Regions[one]);
            if (!all.Has(found))
            {
                return $"{found} is none of the places of {Regions[one]}";
            }

            ulong moved = all.IsDown ? all.First.Value - found.Value : found.Value - all.First.Value;
            slots[one] = moved / all.Step.Value;
            _low[one][slots[one] % Bins]++;
            _high[one][slots[one] * Bins / all.Count]++;
            for (int other = 0; other < one; other++)
            {
                _pairs[one * slots.Length + other][(slots[one] - slots[other]) % Bins]++;
            }
        }

        if (_seeds++ < Kept)
        {
            _first.Add(request.Draws);
        }

        return null;
    }

    /// <summary>What has become of the first seeds: null when they stand for the words that they stood for.</summary>
    public string? Agrees(IAslr door)
    {
        int changed = _first.FindIndex(draws => draws != door.Draw((ulong)_first.IndexOf(draws)));
        return changed < 0 ? null : $"Seed {changed} stands for other words than before";
    }

    /// <summary>What is spread unevenly.</summary>
    public string? Refusal()
    {
        for (int one = 0; one < Regions.Length; one++)
        {
            string? refusal = Uneven(_low[one], $"The lowest bits of {Regions[one]}")
                ?? Uneven(_high[one], $"The highest bits of {Regions[one]}");
            for (int other = 0; other < one && refusal is null; other++)
            {
                refusal = Uneven(
                    _pairs[one * Regions.Length + other], $"The difference of {Regions[one]} and {Regions[other]}");
            }

            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    private string? Uneven(long[] counts, string what)
    {
        double expected = (double)_seeds / Bins;
        double square = counts.Sum(count => (count - expected) * (count - expected) / expected);
        return square is > LeastPermitted and < MostPermitted ? null
            : FormattableString.Invariant(
                $"{what} are not spread as chance would: chi-square is {square:0.0} over {_seeds} seeds");
    }

    private static long[][] Rows(int count) => [.. Enumerable.Range(0, count).Select(_ => new long[Bins])];
}
