using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Properties.Harness;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>
/// The layouts of seeds look as if they were drawn: a seed always stands for the same words, and over fixed
/// seeds each region's places are spread evenly, by their lowest and by their highest bits, as are the
/// differences between any two regions. Each is a chi-square test over 256 classes, to both sides.
/// Source: Knuth, The Art of Computer Programming, vol. 2, 3.3.1.
/// </summary>
public static class EvenSpreadLaw
{
    /// <summary>The law in plain words.</summary>
    public const string Title = "the places of seeds are spread evenly, independent, and the same for the same seed";

    /// <summary>How many seeds, from zero on, are looked at.</summary>
    public const int SeedsAll = 1 << 15;

    private const int Bins = 256;

    // The 0.001 and the 0.999 point of chi-square with 255 degrees of freedom.
    private const double LeastPermitted = 190.9;
    private const double MostPermitted = 330.5;

    // The stack pointer has no power of two of places, and the vdso as many as the stack leaves it.
    private static readonly LayoutRegion[] Regions =
    [
        LayoutRegion.Stack, LayoutRegion.Mmap, LayoutRegion.Program, LayoutRegion.Brk, LayoutRegion.EntryArea,
        LayoutRegion.SecondEntryArea,
    ];

    /// <summary>Runs it. The seeds are fixed, so that what it says does not depend on luck.</summary>
    public static CheckReport Run(ISystem system, int seeds = SeedsAll, Action<long>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        using var door = AslrDoor.Open(system);
        var request = EntropyProbe.All[^1].Request with { MappingSize = default };
        Tally tally = new();
        string? refusal = null;
        int done = 0;
        for (ulong seed = 0; seed < (ulong)seeds && refusal is null; seed++, done++)
        {
            var draws = door.Draw(seed);
            refusal = draws == door.Draw(seed)
                ? tally.Count(request with { Draws = draws }, door.Place(request with { Draws = draws }))
                : $"Seed {seed} does not give the same words twice";
        }

        // Once more the first seeds, when others have come between.
        refusal ??= tally.Agrees(door) ?? tally.Refusal();
        progress?.Invoke(done);
        var failure = refusal is null ? null
            : new CheckFailure(done - 1, $"{refusal}.", LayoutText.Print(request), 0);
        return new(Title, system.Name, 0, done, clock.Elapsed, failure);
    }

    /// <summary>How often each class of each region, and of each pair of them, was seen.</summary>
    private sealed class Tally
    {
        private const int Kept = 16;

        private readonly long[][] _low = Rows(Regions.Length);
        private readonly long[][] _high = Rows(Regions.Length);
        private readonly long[][] _pairs = Rows(Regions.Length * Regions.Length);
        private readonly List<LayoutDraws> _first = [];
        private long _seeds;

        // What is wrong with a layout: a region lies where it has no place.
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

        // Seeds still stand for the words that they stood for.
        public string? Agrees(IAslr door)
        {
            int changed = _first.FindIndex(draws => draws != door.Draw((ulong)_first.IndexOf(draws)));
            return changed < 0 ? null : $"Seed {changed} stands for other words than before";
        }

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
}
